import { readFileSync } from "node:fs";
import type { Closed, VaultKeys } from "../inventory/keys.ts";
import { decryptText, encryptText, isEncrypted, type Recipients, recipientsOf } from "../inventory/vault.ts";
import { askSecret } from "./ask.ts";
import { say } from "./complain.ts";
import { editText } from "./editText.ts";
import { done, type Outcome } from "./outcome.ts";
import { replaceFile } from "./replaceFile.ts";
import type { InventoryOptions } from "./targetOptions.ts";
import { UsageError } from "./usage.ts";
import { vaultKeys } from "./vaultKeys.ts";

export interface VaultOptions extends Pick<InventoryOptions, "vaultPassphraseFile" | "vaultIdentity" | "askVaultPassphrase"> {
  readonly recipient?: readonly string[];
}

/** Encrypts a file in place. Without a key among the options it asks for a passphrase, twice. */
export async function encrypt(file: string, o: VaultOptions): Promise<Outcome> {
  const content = read(file);
  if (isEncrypted(content)) throw new UsageError(`${file} is encrypted already`, `to change it: rempart vault edit ${file}`);
  const to = await recipients(o, await vaultKeys(o));
  replaceFile(file, opened(file, await encryptText(utf8(file, content), to)));
  say(`${file} is encrypted\n`);
  return done;
}

/** Decrypts a file in place; only its owner can read it then. */
export async function decrypt(file: string, o: VaultOptions): Promise<Outcome> {
  replaceFile(file, (await open(file, o)).text);
  say(`${file} is plain text now: do not commit it\n`);
  return done;
}

/** Prints the plain text. The one output that is not scrubbed: the person asked for exactly this. */
export async function view(file: string, o: VaultOptions): Promise<Outcome> {
  process.stdout.write((await open(file, o)).text);
  return done;
}

/** Opens the plain text in the person's editor, and encrypts what they saved for the same keys. */
export async function edit(file: string, o: VaultOptions): Promise<Outcome> {
  const { text, to } = await open(file, o);
  const edited = await editText(text, file);
  if (edited === text) {
    say(`${file}: nothing was changed\n`);
    return done;
  }
  replaceFile(file, opened(file, await encryptText(edited, to)));
  say(`${file} is encrypted again\n`);
  return done;
}

/** The plain text of a file, and for whom to encrypt it again. */
async function open(file: string, o: VaultOptions): Promise<{ text: string; to: Recipients }> {
  const content = read(file);
  if (!isEncrypted(content)) throw new UsageError(`${file} is not encrypted`, `encrypt it: rempart vault encrypt ${file}`);
  const given = await vaultKeys(o);
  const keys = given.passphrase || given.identities.length > 0 ? given : { ...given, passphrase: await askSecret("Vault passphrase") };
  if (keys.passphrase) {
    const byPassphrase = await decryptText(content, { passphrase: keys.passphrase });
    if (byPassphrase.ok) return { text: byPassphrase.text, to: { passphrase: keys.passphrase } };
    if (keys.identities.length === 0) return opened(file, byPassphrase);
  }
  const text = opened(file, await decryptText(content, { identities: keys.identities }));
  return { text, to: await recipients(o, { identities: keys.identities }) };
}

/** Public keys that were named and those of the identity files; else the passphrase. */
async function recipients(o: VaultOptions, keys: VaultKeys): Promise<Recipients> {
  const named = [...(o.recipient ?? [])];
  for (const identity of keys.identities ?? []) {
    const own = await recipientsOf(identity);
    if (!own.ok) throw new UsageError(own.why, own.help);
    named.push(...own.recipients);
  }
  if (named.length > 0) return { recipients: [...new Set(named)] };
  return { passphrase: keys.passphrase ?? (await askTwice()) };
}

async function askTwice(): ReturnType<typeof askSecret> {
  const first = await askSecret("New vault passphrase");
  const second = await askSecret("Once more");
  if (first.reveal() !== second.reveal()) throw new UsageError("the two passphrases differ");
  return first;
}

type Text = { readonly ok: true; readonly text: string } | Closed;

function opened(file: string, result: Closed): never;
function opened(file: string, result: Text): string;
function opened(file: string, result: Text): string {
  if (result.ok) return result.text;
  throw new UsageError(`${file}: ${result.why}`, result.help);
}

function read(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch {
    throw new UsageError(`${file} cannot be read`);
  }
}

function utf8(file: string, content: Buffer): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(content);
  } catch {
    throw new UsageError(`${file} is not UTF-8 text`);
  }
}
