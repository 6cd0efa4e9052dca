/** What an option of a file in sections shall be. */
export interface IniTask {
  /** Undefined: the lines before the first section. */
  readonly section: string | undefined;
  /** Undefined: the section itself. */
  readonly option: string | undefined;
  readonly values: readonly string[];
  readonly exclusive: boolean;
  readonly allowNoValue: boolean;
  readonly noExtraSpaces: boolean;
  readonly ignoreSpaces: boolean;
  /** A line that is commented out counts as the option and is made active. */
  readonly modifyInactive: boolean;
}

/** The text in which the option has these values, or the section is there. Comments, order and line ends stay. */
export function withIni(text: string, task: IniTask): string {
  const file = split(text);
  const range = sectionOf(file.lines, task.section);
  if (!range) return join(file, [...file.lines, `[${task.section ?? ""}]`, ...optionLines(task, task.values)]);
  const { from, to } = range;
  return join(file, [...file.lines.slice(0, from), ...withOption(file.lines.slice(from, to), task), ...file.lines.slice(to)]);
}

/** The text without the option (with `exclusive: false` only without these values of it), or without the whole section. */
export function withoutIni(text: string, task: IniTask): string {
  const file = split(text);
  const range = sectionOf(file.lines, task.section);
  if (!range) return text;
  const { header, from, to } = range;
  const { option } = task;
  if (option === undefined) return join(file, [...file.lines.slice(0, header), ...file.lines.slice(to)]);
  const goes = (line: string): boolean => {
    const found = lineOf(option, line, false);
    return found !== undefined && (task.exclusive || task.values.includes(found.value));
  };
  const kept = file.lines.slice(from, to).filter((line) => !goes(line));
  return join(file, [...file.lines.slice(0, from), ...kept, ...file.lines.slice(to)]);
}

/** As Ansible goes about it: lines with a wanted value first, then other lines of the option, what is left over goes, what is missing is added. */
function withOption(body: readonly string[], task: IniTask): readonly string[] {
  const { option } = task;
  if (option === undefined) return body;
  const lines = body.map((text) => ({ text, done: false, gone: false }));
  const missing = [...task.values];
  let bare = false;
  const set = (line: (typeof lines)[number], wanted: string): void => {
    line.done = true;
    const [old, now] = [lineOf(option, line.text, true), lineOf(option, wanted, false)];
    if (task.ignoreSpaces && old && !old.inactive && old.value === now?.value) return;
    line.text = wanted;
  };
  for (const line of lines) {
    const found = lineOf(option, line.text, task.modifyInactive);
    if (!found) continue;
    if (missing.includes(found.value)) {
      bare ||= found.value === "" && task.allowNoValue;
      set(line, optionLine(task, found.value));
      missing.splice(missing.indexOf(found.value), 1);
    } else if (task.values.length === 0 && task.allowNoValue) {
      set(line, option);
      bare = true;
      break;
    }
  }
  if (task.exclusive) {
    for (const line of lines) {
      const next = missing[0];
      if (next === undefined) break;
      if (line.done || !lineOf(option, line.text, task.modifyInactive)) continue;
      set(line, optionLine(task, next));
      missing.shift();
    }
    for (const line of lines) if (!line.done && lineOf(option, line.text, false)) line.gone = true;
  }
  const result = lines.filter((l) => !l.gone).map((l) => l.text);
  const added = task.values.length === 0 && bare ? [] : optionLines(task, missing);
  result.splice(result.findLastIndex((line) => !/^[ \t]*([#;].*)?$/.test(line)) + 1, 0, ...added);
  return result;
}

function optionLines(task: IniTask, values: readonly string[]): readonly string[] {
  if (task.option === undefined) return [];
  return task.values.length === 0 && task.allowNoValue ? [task.option] : values.map((value) => optionLine(task, value));
}

function optionLine({ option = "", allowNoValue, noExtraSpaces }: IniTask, value: string): string {
  if (value === "" && allowNoValue) return option;
  return noExtraSpaces ? `${option}=${value}` : `${option} = ${value}`;
}

/** The value of a line of this option, undefined for another line. */
function lineOf(option: string, line: string, inactive: boolean): { readonly inactive: boolean; readonly value: string } | undefined {
  const found = /^[ \t]*([#;]?)[ \t]*(.*)$/s.exec(line);
  const rest = found?.[2] ?? "";
  const mark = found?.[1] ?? "";
  if (!rest.startsWith(option) || (mark !== "" && !inactive)) return undefined;
  const value = /^[ \t]*(?:=|$)[ \t]*(.*)$/s.exec(rest.slice(option.length))?.[1];
  return value === undefined ? undefined : { inactive: mark !== "", value };
}

/** Where the section stands: its header, its first line behind that, and the line behind its last. */
function sectionOf(
  lines: readonly string[],
  section: string | undefined,
): { readonly header: number; readonly from: number; readonly to: number } | undefined {
  const isHeader = (line: string): boolean => line.startsWith("[");
  const wanted = section?.trim();
  const header = wanted === undefined ? -1 : lines.findIndex((l) => isHeader(l) && /^\[\s*(.*?)\s*\]/.exec(l)?.[1] === wanted);
  if (wanted !== undefined && header < 0) return undefined;
  const next = lines.findIndex((line, i) => i > header && isHeader(line));
  return { header, from: header + 1, to: next < 0 ? lines.length : next };
}

interface Split {
  readonly text: string;
  readonly mark: string;
  readonly end: string;
  readonly lines: readonly string[];
}

function split(text: string): Split {
  const mark = text.startsWith("\uFEFF") ? "\uFEFF" : "";
  const end = /^[^\n]*\r\n/.test(text) ? "\r\n" : "\n";
  const lines = text === mark ? [] : text.slice(mark.length).split(end);
  return { text, mark, end, lines: lines.at(-1) === "" ? lines.slice(0, -1) : lines };
}

/** The text that was, when no line of it is another. */
function join({ text, mark, end, lines: before }: Split, lines: readonly string[]): string {
  if (lines.length === before.length && lines.every((line, i) => line === before[i])) return text;
  return mark + lines.map((line) => line + end).join("");
}
