import { createHash } from "node:crypto";
import { NoAnswer, type Question } from "../../src/kernel/fact.ts";
import type { Questions } from "../../src/kernel/module.ts";

const usual: Readonly<Record<string, (given: Readonly<Record<string, unknown>>) => Readonly<Record<string, unknown>>>> = {
  path(given) {
    if (given.type === "absent") return { mode: "", uid: -1, gid: -1, owner: "", group: "", size: 0 };
    const text = typeof given.content === "string" ? given.content : undefined;
    const known = text === undefined ? {} : { size: Buffer.byteLength(text), sha256: createHash("sha256").update(text).digest("hex") };
    return { mode: given.type === "directory" ? "0755" : "0644", uid: 0, gid: 0, owner: "root", group: "root", size: 0, ...known };
  },
};

/** What is known where a case says nothing: root acts, and a folder stands above every path. */
function unsaid(question: Question, name: string): unknown {
  if (question.fact.kind === "account" && !("name" in (question.key as object))) return { exists: true, id: 0, name: "root" };
  if (question.fact.kind === "program") return { there: true };
  if (question.fact.kind === "path" && (name === "parent" || name === "above"))
    return { type: "directory", ...usual.path?.({ type: "directory" }) };
  return new NoAnswer(`the case does not say "${name}"`);
}

/** The answers of a case, by question id. */
export function givenAnswers(questions: Questions, given: Readonly<Record<string, unknown>>): Map<string, unknown> {
  const answers = new Map<string, unknown>();
  for (const [name, asked] of Object.entries(questions)) {
    const list = Array.isArray(asked) ? (asked as readonly Question[]) : [asked as Question];
    list.forEach((question, i) => {
      const value = Array.isArray(asked) && Array.isArray(given[name]) ? given[name][i] : given[name];
      answers.set(question.id, value === undefined ? unsaid(question, name) : complete(question, value));
    });
  }
  for (const name of Object.keys(given))
    if (!(name in questions)) throw new Error(`the module does not ask "${name}", it asks ${Object.keys(questions).join(", ")}`);
  return answers;
}

function complete(question: Question, value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  const map = value as Readonly<Record<string, unknown>>;
  if (typeof map.no_answer === "string") return new NoAnswer(map.no_answer);
  return { ...usual[question.fact.kind]?.(map), ...map };
}
