import { createHash, createHmac, randomBytes } from "node:crypto";
import type { Secret } from "./value.ts";

/** Of this run, and only in its memory: without it nobody can try guesses against a fingerprint. */
let key: Uint8Array = randomBytes(32);

/**
 * What is known of a secret that was not read itself: the sha256 of its text, in hex; undefined when not even that is known.
 * It has the same fingerprint as the secret.
 */
export class SecretDigest {
  readonly #sha256: string | undefined;
  constructor(sha256: string | undefined) {
    this.#sha256 = sha256;
  }
  get sha256(): string | undefined {
    return this.#sha256;
  }
  toString(): string {
    return "********";
  }
  toJSON(): string {
    return this.toString();
  }
}

/** `#3fa2c1`: the same for the same text throughout a run, so that a person sees that a secret moved and never what it is. */
export function fingerprint(secret: string | Secret | SecretDigest): string {
  if (secret instanceof SecretDigest) return secret.sha256 === undefined ? "(not read)" : ofDigest(secret.sha256);
  const text = typeof secret === "string" ? secret : secret.reveal();
  return ofDigest(createHash("sha256").update(text).digest("hex"));
}

/** Fingerprints under a key of the caller's own from now on: a plan file that is applied in another run. Keep it as secret as the secrets. */
export function useFingerprintKey(own: Uint8Array): void {
  if (own.length < 16) throw new Error("a key for fingerprints has 16 bytes or more");
  key = own;
}

function ofDigest(sha256: string): string {
  return `#${createHmac("sha256", key).update(sha256.toLowerCase()).digest("hex").slice(0, 6)}`;
}
