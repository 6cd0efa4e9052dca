import { createHmac, scryptSync } from "node:crypto";
import type { Step } from "../../kernel/step.ts";
import { Secret } from "../../kernel/value.ts";

/** About a tenth of a second and 32 MiB for each guess. */
const cost = { N: 2 ** 15, r: 8, p: 1, maxmem: 64 * 1024 * 1024 };

/**
 * The key of a plan file's digests. It is not in the file: it is derived from all secrets of the playbook together, so that whoever
 * has the file alone can try guesses only at all of them at once (docs/decisions/2026-11-21-plan-files.md).
 */
export class PlanKey {
  readonly bytes: Uint8Array;

  /** `secrets` by where they came from; `salt` in hex, out of the file. */
  constructor(secrets: ReadonlyMap<string, string>, salt: string) {
    const all = [...secrets].sort(([a], [b]) => (a < b ? -1 : 1));
    this.bytes = scryptSync(JSON.stringify(all), Buffer.from(salt, "hex"), 32, cost);
  }

  /** 128 bits in hex; digests of different kinds of things are never the same. */
  digest(kind: "question" | "answer" | "step" | "text" | "plan", text: string | Uint8Array): string {
    return createHmac("sha256", this.bytes).update(`${kind}\0`).update(text).digest("hex").slice(0, 32);
  }

  /** Of what a step does: without what it replaces, and without where its file lies on the controller. */
  step(step: Step): string {
    const { replaces: _, local: __, ...does } = { replaces: undefined, local: undefined, ...step };
    return this.digest("step", JSON.stringify(revealed(does)));
  }
}

/** The value with its secrets as they are and the keys of maps in order: only for a digest under a key. */
export function revealed(value: unknown): unknown {
  if (value instanceof Secret) return { secret: value.reveal() };
  if (Array.isArray(value)) return value.map(revealed);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([k, v]) => [k, revealed(v)]),
  );
}
