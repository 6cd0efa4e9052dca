import { createHash } from "node:crypto";
import { type Fact, NoAnswer, type Question } from "../kernel/fact.ts";
import { quoteBytes } from "./words.ts";

/** Questions of one kind, asked by one script. */
export interface Group {
  readonly fact: Fact<unknown, unknown>;
  readonly questions: Question[];
}

/** Questions by kind, in the order in which the kinds come up. What runs the user's text is asked one by one. */
export function groupByKind(questions: Iterable<Question>): Group[] {
  const groups: Group[] = [];
  const open = new Map<string, Group>();
  const seen = new Set<string>();
  for (const question of questions) {
    if (seen.has(question.id)) continue;
    seen.add(question.id);
    const { fact } = question;
    const group = open.get(fact.kind);
    if (group && !fact.runsUserText) group.questions.push(question);
    else {
      const fresh = { fact, questions: [question] };
      groups.push(fresh);
      open.set(fact.kind, fresh);
    }
  }
  return groups;
}

/** The shell function `rp_q` that leaves the records of a group in `rp_o`, with a dot behind them that keeps their last newlines. */
export function asking({ fact, questions }: Group): string {
  const keys = questions.map((q) => q.key);
  if (fact.collect) return `rp_q() {\n${fact.collect(keys).text}\nrp_o=$_o.\n}\n`;
  return `rp_g() {\n${fact.script(keys).text}\n}\nrp_q() { rp_o=$(rp_g; echo .); }\n`;
}

/** What the questions of these groups call, each function once. */
export function functionsOf(groups: readonly Group[]): string {
  return [...new Set(groups.flatMap((g) => (g.fact.functions ?? []).map((f) => f.text)))].join("");
}

/** Records longer than this are compared by their digest, not by their text. */
const longRecord = 8 * 1024;

/** A test that holds when `$rp_o` is this text and a dot behind it, which keeps the newlines at its end. */
export function equals(expected: Buffer): Buffer {
  const text = Buffer.concat([expected, Buffer.from(".")]);
  if (text.length <= longRecord) return Buffer.concat([Buffer.from('[ "$rp_o" = '), quoteBytes(text), Buffer.from(" ]")]);
  const digest = createHash("sha256").update(text).digest("hex");
  return Buffer.from(`rp_h=$(rp_w "$rp_o" | sha256sum) && [ "\${rp_h%% *}" = ${digest} ]`);
}

/** The answers of one group by question id. A text that cannot be read is no answer for all of them. */
export function readGroup(group: Group, stdout: Buffer): Map<string, unknown> {
  const { fact, questions } = group;
  try {
    const values = fact.read(
      stdout,
      questions.map((q) => q.key),
    );
    return new Map(questions.map((q, i) => [q.id, i < values.length ? values[i] : new NoAnswer("the target gave no answer")]));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return new Map(questions.map((q) => [q.id, new NoAnswer(`the answer cannot be read: ${why}`)]));
  }
}
