import type { Change, ChangedField } from "../../kernel/change.ts";
import type { ShownChange, ShownField } from "../../kernel/event.ts";
import { fingerprint, SecretDigest } from "../../kernel/fingerprint.ts";
import { holdsSecret, Secret } from "../../kernel/value.ts";
import { unified } from "./unified.ts";
import { worded, wordedPair } from "./worded.ts";

/** A private key is secret wherever it turns up: in the old text of a file too. */
const privateKey = /-----BEGIN [A-Z ]*PRIVATE KEY/;

/**
 * Changes as they may be printed: secrets as fingerprints, values as words, and with `diff` texts as unified diffs. `asked`: the task
 * itself asks for them, so they are printed without `--diff` too.
 */
export function showChanges(changes: readonly Change[], diff: boolean, asked = false): ShownChange[] {
  return changes.map((c) => ({
    subject: c.subject,
    fields: c.fields.map((f) => showField(f, c.secret === true)),
    ...(diff && c.text && { diff: hidesText(c) ? `(secret: the content of ${c.text.name} is not shown)\n` : unified(c.text) }),
    ...(diff && asked && c.text && { asked: true as const }),
    ...(c.pending && { pending: c.pending }),
  }));
}

function hidesText({ secret, text }: Change): boolean {
  return secret === true || [text?.before, text?.after].some((t) => t != null && privateKey.test(t));
}

function showField(f: ChangedField, secretChange: boolean): ShownField {
  const hidden = (secretChange && f.open !== true) || isSecret(f.before) || isSecret(f.after);
  const [before, after] = hidden ? [sealed(f.before), sealed(f.after)] : wordedPair(f.before, f.after);
  return {
    name: f.name,
    before: f.action ? "" : before,
    after,
    ...(hidden && { secret: true as const }),
    ...(f.action && { action: true as const }),
  };
}

function isSecret(value: unknown): boolean {
  return value instanceof SecretDigest || holdsSecret(value) || (typeof value === "string" && privateKey.test(value));
}

function sealed(value: unknown): string {
  if (value === undefined || value === null) return worded(value);
  if (value instanceof Secret || value instanceof SecretDigest || typeof value === "string") return fingerprint(value);
  return fingerprint(JSON.stringify(revealed(value)));
}

/** For a fingerprint only: two values differ also where only a secret inside them does. */
function revealed(value: unknown): unknown {
  if (value instanceof Secret) return value.reveal();
  if (Array.isArray(value)) return value.map(revealed);
  if (typeof value !== "object" || value === null || !holdsSecret(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([k, v]) => [k, revealed(v)]));
}
