import { z } from "zod";
import { holdsSecret, Secret } from "../../kernel/value.ts";

/** A text, or a number or true and false, which are written as YAML spells them. */
export const scalarArgument = z.union(
  [z.string(), z.number(), z.boolean(), z.instanceof(Secret)],
  "a text, a number or true and false is wanted",
);

export type Scalar = z.output<typeof scalarArgument>;

/** The text of it, also of a secret: for file contents only. */
export function scalarText(value: Scalar): string {
  return value instanceof Secret ? value.reveal() : String(value);
}

/** A value of lists and maps with the texts of its secrets in their places: for file contents only. */
export function revealed(value: unknown): unknown {
  if (value instanceof Secret) return value.reveal();
  if (Array.isArray(value)) return value.map(revealed);
  if (typeof value !== "object" || value === null || !holdsSecret(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, revealed(part)]));
}
