import { createHash } from "node:crypto";
import type { PathValue } from "../../facts/path.ts";
import { diffLimit } from "../../facts/path-key.ts";
import type { LocalFile } from "../../kernel/argumentinput.ts";
import type { ChangedField } from "../../kernel/change.ts";
import { SecretDigest } from "../../kernel/fingerprint.ts";
import { Secret } from "../../kernel/value.ts";

type Content = string | Secret | LocalFile;

/** Bytes and sha256 of a content. */
export function digestOf(content: string | Secret | LocalFile): { readonly size: number; readonly sha256: string } {
  if (typeof content === "object" && !(content instanceof Secret)) return { size: content.size, sha256: content.sha256 };
  const bytes = Buffer.from(content instanceof Secret ? content.reveal() : content);
  return { size: bytes.length, sha256: createHash("sha256").update(bytes).digest("hex") };
}

/** The content of a file in short: enough to tell two apart by eye, and why no diff is shown of it. null is no file. */
export function contentField(now: PathValue, wanted: Content | null): ChangedField {
  const isFile = now.type === "file";
  if (wanted instanceof Secret) return { name: "content", before: isFile ? new SecretDigest(now.sha256) : undefined, after: wanted };
  return { name: "content", before: isFile ? observed(now) : undefined, after: wanted === null ? undefined : desired(wanted) };
}

/** The same for what is fetched: its size is known only afterwards, and its digest only where the task says it. */
export function fetchedField(now: PathValue, sha256: string | undefined): ChangedField {
  const after = sha256 === undefined ? "what is there then" : `sha256 ${sha256.slice(0, 12)}`;
  return { name: "content", before: now.type === "file" ? inShort(now) : undefined, after };
}

function observed(now: PathValue): string {
  const kind = now.binary ? "binary, " : now.bytes === undefined ? "" : "not UTF-8, ";
  const unread = now.content === undefined && now.size > diffLimit;
  return `${kind || tooLarge(unread)}${inShort(now)}`;
}

function desired(wanted: string | LocalFile): string {
  const digest = digestOf(wanted);
  if (typeof wanted === "string" || wanted.text !== undefined) return inShort(digest);
  // A local file without a text is too large for one, or none.
  return `${tooLarge(digest.size > largestText) || "binary, "}${inShort(digest)}`;
}

/** Bytes up to which a LocalFile has a text. */
const largestText = 256 * 1024;

function tooLarge(is: boolean): string {
  return is ? "too large for a diff, " : "";
}

function inShort({ size, sha256 }: { readonly size: number; readonly sha256?: string }): string {
  return `${bytes(size)}${sha256 === undefined ? "" : `, sha256 ${sha256.slice(0, 12)}`}`;
}

/** `812 bytes`, `12.3 KiB` */
export function bytes(size: number): string {
  if (size < 10 * 1024) return `${size} byte${size === 1 ? "" : "s"}`;
  return size < 1024 * 1024 ? `${(size / 1024).toFixed(1)} KiB` : `${(size / 1024 / 1024).toFixed(1)} MiB`;
}
