import { readFileSync } from "node:fs";
import { relative, resolve } from "node:path";
import type { Diagnostic } from "../kernel/diagnostic.ts";
import { noteFile } from "../kernel/inputs.ts";
import type { SourceFile } from "../kernel/span.ts";
import { unreadable } from "./wording.ts";

/** Reads a UTF-8 text. `shown` is the path for people, else the path from the working folder. A file that cannot be read is a Diagnostic. */
export function readSource(path: string, shown: string = asTyped(path)): SourceFile | Diagnostic {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (error) {
    return unreadable(shown, (error as NodeJS.ErrnoException).code ?? "");
  }
  noteFile(resolve(path), bytes);
  try {
    return { path: shown, text: new TextDecoder("utf-8", { fatal: true }).decode(bytes) };
  } catch {
    return unreadable(shown, "NOT_UTF8");
  }
}

/** Tells the two answers of `readSource` apart. */
export function isSource(read: SourceFile | Diagnostic): read is SourceFile {
  return "path" in read;
}

/** The path from the working folder, or the absolute one where that would climb out of it. */
function asTyped(path: string): string {
  const short = relative(process.cwd(), path);
  return short === "" || short.startsWith("..") ? path : short;
}
