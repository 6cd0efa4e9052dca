import { createHash } from "node:crypto";
import { closeSync, fstatSync, openSync, readSync, statSync } from "node:fs";
import { isAbsolute, join, resolve as resolvePath } from "node:path";
import type { LocalFile } from "../../kernel/argumentinput.ts";
import { noteFile } from "../../kernel/inputs.ts";

const textLimit = 256 * 1024;
const known = new Map<string, { readonly stamp: string; readonly file: Omit<LocalFile, "name"> }>();

/** The places where a role or playbook keeps its files, in the order of the search. */
export function searchPaths(kind: "files" | "templates", roleDir: string | undefined, playbookDir: string): string[] {
  const bases = roleDir === undefined ? [playbookDir] : [roleDir, playbookDir];
  const shared = kind === "templates" ? [resolvePath(playbookDir, "..", "templates")] : [];
  return [...bases.flatMap((base) => [join(base, kind), base]), ...shared];
}

/** The first of the places that holds the file, as an absolute path. */
export function findLocal(name: string, places: readonly string[]): string | undefined {
  const candidates = isAbsolute(name) ? [name] : places.map((p) => resolvePath(p, name));
  return candidates.find((path) => statSync(path, { throwIfNoEntry: false })?.isFile() === true);
}

/** Size, digest and (of a small text) content; read once per version of the file, in bounded memory. */
export function readLocalFile(name: string, path: string): LocalFile {
  const file = readOnce(path);
  noteFile(path, file);
  return { ...file, name };
}

/** sha256 in hex of a file that is no input of the run; read once per version. */
export function digestOf(path: string): string {
  return readOnce(path).sha256;
}

function readOnce(path: string): Omit<LocalFile, "name"> {
  const { size, mtimeMs } = statSync(path);
  const stamp = `${size} ${mtimeMs}`;
  const before = known.get(path);
  const file = before?.stamp === stamp ? before.file : digest(path);
  known.set(path, { stamp, file });
  return file;
}

function digest(path: string): Omit<LocalFile, "name"> {
  const descriptor = openSync(path, "r");
  try {
    const { size } = fstatSync(descriptor);
    const hash = createHash("sha256");
    const kept: Buffer[] = [];
    const chunk = Buffer.allocUnsafe(256 * 1024);
    for (let n = readSync(descriptor, chunk); n > 0; n = readSync(descriptor, chunk)) {
      hash.update(chunk.subarray(0, n));
      if (size <= textLimit) kept.push(Buffer.from(chunk.subarray(0, n)));
    }
    const text = size <= textLimit ? asText(Buffer.concat(kept)) : undefined;
    return { path, size, sha256: hash.digest("hex"), ...(text !== undefined && { text }) };
  } finally {
    closeSync(descriptor);
  }
}

function asText(bytes: Buffer): string | undefined {
  if (bytes.includes(0)) return undefined;
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
