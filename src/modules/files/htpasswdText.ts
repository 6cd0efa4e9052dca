import { createHash } from "node:crypto";
import { bcryptHash, bcryptMatches, costOf } from "../parts/bcrypt.ts";
import { linesOf } from "../parts/line-edit.ts";

/** A user of a password file, and the password that it shall have. */
export interface PasswordTask {
  readonly name: string;
  readonly password: string;
  /** Of new hashes. */
  readonly cost: number;
  /** An entry that costs less is made again. */
  readonly atLeast: number;
  /** What makes salts differ between hosts and files; no secret. */
  readonly salting: string;
}

/** The text with one entry of the user, for this password. An entry that is right already stays as it is. */
export function withPassword(text: string, task: PasswordTask): string {
  const lines = linesOf(text);
  const places = lines.flatMap((line, i) => (isOf(task.name, line) ? [i] : []));
  const [first] = places;
  const now = first === undefined ? undefined : hashIn(lines[first] ?? "");
  // nginx and Apache take the first entry of a name: others are never used.
  const kept = lines.filter((_, i) => i === first || !places.includes(i));
  if (now !== undefined && isRight(now, task)) return kept.join("");
  // The salt has nothing of the password in it, and is the same whenever the same plan is made.
  const salt = createHash("sha256")
    .update(JSON.stringify([task.salting, task.name, text]))
    .digest()
    .subarray(0, 16);
  const entry = `${task.name}:${bcryptHash(task.password, salt, task.cost)}\n`;
  if (first !== undefined) return kept.map((line, i) => (i === first ? entry : line)).join("");
  const head = kept.join("");
  return `${head}${head === "" || head.endsWith("\n") ? "" : "\n"}${entry}`;
}

/** The text without entries of the user. */
export function withoutUser(text: string, name: string): string {
  return linesOf(text)
    .filter((line) => !isOf(name, line))
    .join("");
}

/** What stands there for the user, in words that give nothing away; undefined for no entry. */
export function entryInWords(text: string, name: string, task?: PasswordTask): string | undefined {
  const line = linesOf(text).find((l) => isOf(name, l));
  if (line === undefined) return undefined;
  const hash = hashIn(line);
  if (!task) return schemeOf(hash);
  if (costOf(hash) === undefined) return `${schemeOf(hash)}, cannot be checked`;
  const right = bcryptMatches(task.password, hash);
  return right === undefined ? "bcrypt, too costly to be checked" : right ? `bcrypt of cost ${costOf(hash)}` : "bcrypt, another password";
}

function isRight(hash: string, { password, atLeast }: PasswordTask): boolean {
  const cost = costOf(hash);
  return cost !== undefined && cost >= atLeast && bcryptMatches(password, hash) === true;
}

function isOf(name: string, line: string): boolean {
  return line.startsWith(`${name}:`);
}

function hashIn(line: string): string {
  return line.trimEnd().slice(line.indexOf(":") + 1);
}

const schemes: readonly (readonly [string, string])[] = [
  ["$2", "bcrypt"],
  ["$apr1$", "apr1"],
  ["$1$", "md5"],
  ["$5$", "sha256"],
  ["$6$", "sha512"],
  ["$y$", "yescrypt"],
  ["{SHA}", "sha1"],
  ["{SSHA}", "salted sha1"],
];

function schemeOf(hash: string): string {
  return schemes.find(([start]) => hash.startsWith(start))?.[1] ?? "crypt or plain text";
}
