import { quote } from "../kernel/sh.ts";

/** More of one text than this is not given to one `printf`: where that is a program, its arguments are limited. */
const pieceSize = 24 * 1024;

/** Bytes as one word for a shell, without NUL. */
export function quoteBytes(bytes: Buffer): Buffer {
  return Buffer.from(quote(bytes.toString("latin1")), "latin1");
}

/** Shell text that prints exactly these bytes, by builtins and so without showing them in the process list. */
export function printBytes(bytes: Buffer): Buffer {
  if (bytes.length === 0) return Buffer.from(":");
  if (!bytes.includes(0)) return Buffer.concat([Buffer.from("rp_w "), quoteBytes(bytes)]);
  const pieces: string[] = [];
  for (let at = 0; at < bytes.length; at += pieceSize) pieces.push(`printf ${asFormat(bytes.toString("latin1", at, at + pieceSize))}`);
  return Buffer.from(pieces.join(" && "), "latin1");
}

/** As a format, since only there printf knows an escape for NUL that every shell has. */
function asFormat(latin1: string): string {
  return `'${latin1.replace(/^-|[\0\n%\\']/g, (c) => escapes[c] ?? c)}'`;
}

const escapes: Readonly<Record<string, string>> = { "-": "\\055", "\0": "\\000", "\n": "\\012", "%": "%%", "\\": "\\\\", "'": "'\\''" };
