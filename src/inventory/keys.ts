import { readFileSync } from "node:fs";
import type { Secret } from "../kernel/value.ts";

/** What opens encrypted files: a passphrase, or files with age identities. */
export interface VaultKeys {
  readonly passphrase?: Secret;
  /** Paths of age identity files. */
  readonly identities?: readonly string[];
}

/** Why something with keys did not work, and what to do about it. */
export interface Closed {
  readonly ok: false;
  readonly why: string;
  readonly help: string;
}

/** The secret keys of an age identity file, one `AGE-SECRET-KEY-...` a line. */
export function identityKeys(path: string): { readonly ok: true; readonly keys: readonly string[] } | Closed {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch {
    return { ok: false, why: `the identity file ${path} cannot be read`, help: "name the file that age-keygen wrote" };
  }
  const keys = text
    .split(/\r?\n/)
    .map((l) => l.trim())
    .filter((l) => l.startsWith("AGE-SECRET-KEY-"));
  if (keys.length > 0) return { ok: true, keys };
  const encrypted = /^(-----BEGIN AGE|age-encryption\.org)/.test(text.trimStart());
  return {
    ok: false,
    why: encrypted ? `the identity file ${path} is itself encrypted` : `the identity file ${path} holds no age key`,
    help: encrypted
      ? "decrypt it to a file that only you can read, and name that"
      : "a line must begin with AGE-SECRET-KEY-; age-keygen writes such a file",
  };
}
