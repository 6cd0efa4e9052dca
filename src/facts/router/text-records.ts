import { NoAnswer } from "../../kernel/fact.ts";
import { Records } from "../records.ts";
import type { RouterState } from "./state.ts";

/** Records of a length and a text, or of one line `!why`. The value keeps the text that it was read from. */
export function readTexts<K>(
  kind: string,
  stdout: Buffer,
  keys: readonly K[],
  one: (text: string, key: K) => RouterState,
): (RouterState | NoAnswer)[] {
  const records = new Records(stdout, kind);
  const values = keys.map((key) => {
    const first = records.line();
    if (first.startsWith("!")) return new NoAnswer(first.slice(1));
    const text = records.bytes(Number(first)).toString("utf8");
    return { ...one(text, key), record: text };
  });
  records.end();
  return values;
}

/** The record of an observed state; undefined for a prediction, which has none. */
export function textRecord(text: string | undefined): Buffer | undefined {
  return text === undefined ? undefined : Buffer.from(`${Buffer.byteLength(text)}\n${text}\n`);
}
