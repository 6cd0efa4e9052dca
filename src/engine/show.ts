import { createTwoFilesPatch } from "diff";
import type { Change } from "../kernel/change.ts";
import type { ShownChange } from "../kernel/event.ts";
import { holdsSecret, Secret } from "../kernel/value.ts";

const hidden = "********";
/** Diffs of larger texts are told, not shown. */
const diffLimit = 512 * 1024;

/** Changes as they may be printed. */
export function showChanges(changes: readonly Change[], diff: boolean): ShownChange[] {
  return changes.map((c) => ({
    subject: c.subject,
    fields: c.fields.map((f) => ({
      name: f.name,
      before: c.secret || holdsSecret(f.after) ? hidden : shown(f.before),
      after: c.secret ? hidden : shown(f.after),
    })),
    ...(diff && c.text && { diff: c.secret ? `(secret: the content of ${c.text.name} is not shown)\n` : unified(c.text) }),
    ...(c.pending && { pending: c.pending }),
  }));
}

function unified(text: NonNullable<Change["text"]>): string {
  if (text.before.length + text.after.length > diffLimit) return `(${text.name}: too large for a diff)\n`;
  return createTwoFilesPatch(text.name, text.name, text.before, text.after, "before", "after", { context: 3 })
    .split("\n")
    .filter((line) => !line.startsWith("====") && !line.startsWith("Index: "))
    .join("\n");
}

function shown(value: unknown): string {
  if (value === undefined || value === null) return "absent";
  if (value instanceof Secret) return hidden;
  if (typeof value === "string") return value.length > 200 ? `${value.slice(0, 200)}…` : value;
  return JSON.stringify(value);
}
