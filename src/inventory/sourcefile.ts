import { readFileSync } from "node:fs";
import { relative, resolve } from "node:path";
import type { Diagnostic } from "../kernel/diagnostic.ts";
import { noteFile, noteText } from "../kernel/inputs.ts";
import type { Node } from "../kernel/node.ts";
import { rememberSecret } from "../kernel/scrub.ts";
import type { SourceFile } from "../kernel/span.ts";
import { isSource, parseYaml, readSource } from "../source/index.ts";
import type { VaultKeys } from "./keys.ts";
import { decryptText, isEncrypted } from "./vault.ts";

/** A YAML file that was read and, where it was encrypted, opened. */
export interface ReadYaml {
  /** Undefined for an empty file, and for one with errors. */
  readonly node?: Node;
  /** Undefined when it could not be read. */
  readonly source?: SourceFile;
  readonly diagnostics: readonly Diagnostic[];
}

/** Reads a YAML file, plain or encrypted with age. Every value of an encrypted one is known as secret from here on. `foreign` says when the text is no YAML of ours. */
export async function readYaml(path: string, keys: VaultKeys, foreign?: (source: SourceFile) => Diagnostic | undefined): Promise<ReadYaml> {
  const source = await openSource(path, keys);
  if (!isSource(source)) return { diagnostics: [source] };
  const refused = foreign?.(source);
  if (refused) return { diagnostics: [refused] };
  const { node, diagnostics } = parseYaml(source);
  if (node && source.secret) rememberScalars(node);
  return { source, diagnostics, ...(node && !diagnostics.some((d) => d.severity === "error") && { node }) };
}

/** The text of a file, decrypted if it must be. */
async function openSource(path: string, keys: VaultKeys): Promise<SourceFile | Diagnostic> {
  let content: Buffer;
  try {
    content = readFileSync(path);
  } catch {
    return readSource(path);
  }
  const shown = shownPath(path);
  if (isEncrypted(content)) {
    const opened = await decryptText(content, keys);
    if (opened.ok) {
      noteFile(resolve(path), content);
      noteText(`encrypted file ${shown}`, opened.text, true);
      return { path: shown, text: opened.text, secret: true };
    }
    return { severity: "error", message: `${shown} cannot be opened: ${opened.why}`, help: opened.help };
  }
  if (/\.age(\.ya?ml)?$/.test(path)) {
    return {
      severity: "error",
      message: `${shown} is named as an encrypted file, but it is plain text`,
      help: `encrypt it: rempart vault encrypt ${shown}`,
    };
  }
  if (content.subarray(0, 14).toString("latin1") === "$ANSIBLE_VAULT") {
    const help = `open it with "ansible-vault decrypt ${shown}", then "rempart vault encrypt ${shown}"`;
    return { severity: "error", message: `${shown} is encrypted with Ansible's vault; Rempart's files are encrypted with age`, help };
  }
  return readSource(path);
}

/** The path from the working folder, or as it is where that would climb out. */
export function shownPath(path: string): string {
  const fromHere = relative(process.cwd(), path);
  return fromHere === "" || fromHere.startsWith("..") ? path : fromHere;
}

function rememberScalars(node: Node): void {
  if (node.kind === "seq") for (const item of node.items) rememberScalars(item);
  else if (node.kind === "map") for (const { value } of node.entries) rememberScalars(value);
  else if (typeof node.value === "string") rememberSecret(node.value);
  else if (typeof node.value === "number") rememberSecret(node.text);
}
