import { createHash } from "node:crypto";
import { createRequire } from "node:module";
import type Bcrypt from "bcryptjs";
import { rememberSecret } from "../../kernel/scrub.ts";

/** Loaded with the first password. */
let library: typeof Bcrypt | undefined;
function bcrypt(): typeof Bcrypt {
  library ??= createRequire(import.meta.url)("bcryptjs") as typeof Bcrypt;
  return library;
}

/** bcrypt is slow by design, and a plan is made several times: its last results, under a digest of what went in. */
const made = new Map<string, string>();
const most = 200;

/** Passwords are cut behind this many bytes by bcrypt itself. */
export const longestPassword = 72;

/** The hash of a password with a salt of 16 bytes. `$2y$` is what nginx, Apache and crypt(3) know by that name. */
export function bcryptHash(password: string, salt: Uint8Array, cost: number): string {
  const hash = hashed(password, `$2y$${String(cost).padStart(2, "0")}$${bcrypt().encodeBase64([...salt], 16)}`);
  // It can be guessed against, so no output may hold it either.
  rememberSecret(hash);
  return hash;
}

/** Whether this is the hash of the password. Costs above 14 would take seconds to minutes: undefined. */
export function bcryptMatches(password: string, hash: string): boolean | undefined {
  const cost = costOf(hash);
  if (cost === undefined || cost > 14) return undefined;
  return hashed(password, hash.slice(0, 29)) === hash;
}

/** The cost in a bcrypt hash, undefined for another text. */
export function costOf(hash: string): number | undefined {
  const cost = /^\$2[aby]\$(\d\d)\$[./A-Za-z0-9]{53}$/.exec(hash)?.[1];
  return cost === undefined || Number(cost) < 4 || Number(cost) > 31 ? undefined : Number(cost);
}

function hashed(password: string, setting: string): string {
  const key = createHash("sha256").update(`${setting} ${password}`).digest("hex");
  const known = made.get(key);
  if (known !== undefined) return known;
  const hash = bcrypt().hashSync(password, setting);
  const oldest = made.keys().next().value;
  if (made.size >= most && oldest !== undefined) made.delete(oldest);
  made.set(key, hash);
  return hash;
}
