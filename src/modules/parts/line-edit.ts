import { type Refusal, refusal } from "../../kernel/module.ts";
import { filledIn, patternOf } from "./pattern.ts";

export interface LineTask {
  readonly line: string;
  readonly regexp?: string | undefined;
  readonly search_string?: string | undefined;
  readonly insertafter?: string | undefined;
  readonly insertbefore?: string | undefined;
  readonly backrefs?: boolean | undefined;
  readonly firstmatch?: boolean | undefined;
}

/** The lines of a text, each with its line break; the last one may lack it. */
export function linesOf(text: string): string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

function bare(line: string): string {
  return line.replace(/[\r\n]+$/, "");
}

type Finder = (line: string) => RegExpExecArray | true | undefined;

/** What tells the wanted line from others: the pattern, the text inside it, or the line itself. */
function finderOf(task: LineTask): Finder | Refusal {
  if (task.search_string !== undefined) return (line) => (line.includes(task.search_string ?? "") ? true : undefined);
  if (task.regexp === undefined) return (line) => (bare(line) === task.line ? true : undefined);
  const pattern = patternOf(task.regexp);
  return pattern instanceof RegExp ? (line) => pattern.exec(bare(line)) ?? undefined : pattern;
}

/** The text without the lines that are found. */
export function withoutLine(text: string, task: LineTask): string | Refusal {
  const find = finderOf(task);
  return typeof find === "function"
    ? linesOf(text)
        .filter((line) => !find(line))
        .join("")
    : find;
}

/** The text with the line in it, as Ansible places it: over the last match, else where it is, else after or before the anchor, else at the end. */
export function withLine(text: string, task: LineTask): string | Refusal {
  const lines = linesOf(text);
  const find = finderOf(task);
  if (typeof find !== "function") return find;
  const matches = lines.flatMap((line, i) => {
    const match = find(line);
    return match ? [{ i, match }] : [];
  });
  const chosen = task.firstmatch === true ? matches[0] : matches.at(-1);
  if (chosen) {
    const line = task.backrefs === true && chosen.match !== true ? filledIn(task.line, chosen.match) : task.line;
    if (line === undefined) return refusal(`the line ${task.line} names a group that the pattern ${task.regexp} has not`);
    if (bare(lines[chosen.i] ?? "") === line && task.regexp === undefined && task.search_string === undefined) return text;
    lines[chosen.i] = `${line}\n`;
    return lines.join("");
  }
  if (task.backrefs === true || lines.some((l) => bare(l) === task.line)) return text;
  const at = anchor(lines, task);
  if (typeof at === "object") return at;
  const above = lines[at - 1];
  if (above !== undefined && !above.endsWith("\n")) lines[at - 1] = `${above}\n`;
  lines.splice(at, 0, `${task.line}\n`);
  return lines.join("");
}

/** Where something new goes: before this index. */
export function anchor(lines: readonly string[], task: Pick<LineTask, "insertafter" | "insertbefore" | "firstmatch">): number | Refusal {
  const { insertafter, insertbefore } = task;
  if (insertafter === "BOF" || insertbefore === "BOF") return 0;
  const text = insertafter === "EOF" ? undefined : (insertafter ?? insertbefore);
  if (text === undefined) return lines.length;
  const pattern = patternOf(text);
  if (!(pattern instanceof RegExp)) return pattern;
  const found = lines.flatMap((line, i) => (pattern.test(bare(line)) ? [i] : []));
  const chosen = task.firstmatch === true ? found[0] : found.at(-1);
  return chosen === undefined ? lines.length : insertafter === undefined ? chosen : chosen + 1;
}
