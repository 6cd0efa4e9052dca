import { NoAnswer } from "../kernel/fact.ts";
import { Records } from "./records.ts";

/** One record of lines per key. A record that is one line `!why` is the target's word that it cannot tell. */
export function readRecords<K, V>(
  kind: string,
  stdout: Buffer,
  keys: readonly K[],
  one: (first: string, records: Records, key: K) => V,
): (V | NoAnswer)[] {
  const records = new Records(stdout, kind);
  const values = keys.map((key) => {
    const first = records.line();
    return first.startsWith("!") ? new NoAnswer(first.slice(1)) : one(first, records, key);
  });
  records.end();
  return values;
}

/** A line cut at tabs into exactly this many fields. */
export function tabFields(line: string, count: number): string[] {
  const fields = line.split("\t");
  if (fields.length !== count) throw new Error(`${count} fields expected in ${JSON.stringify(line)}`);
  return fields;
}

/** A number as a script prints it; anything else was not printed by it. */
export function wholeNumber(text: string): number {
  if (!/^\d+$/.test(text)) throw new Error(`a number was expected, not ${JSON.stringify(text)}`);
  return Number(text);
}
