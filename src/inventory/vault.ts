import type { Decrypter } from "age-encryption";
import type { Secret } from "../kernel/value.ts";
import { type Closed, identityKeys, type VaultKeys } from "./keys.ts";

const armorHeader = "-----BEGIN AGE ENCRYPTED FILE-----";
const binaryHeader = "age-encryption.org/v1\n";

const ways = "give the passphrase with --vault-passphrase-file FILE or REMPART_VAULT_PASSPHRASE_FILE, or a key with --vault-identity FILE";

/** Loaded only for what is encrypted: most starts of the program need none of it. */
const age = (): Promise<typeof import("age-encryption")> => import("age-encryption");

/** Who shall be able to open a text: everybody with the passphrase, or the owners of these public keys. */
export interface Recipients {
  readonly passphrase?: Secret;
  /** `age1...` */
  readonly recipients?: readonly string[];
}

/** Is this an age file, armored or binary? */
export function isEncrypted(content: Uint8Array): boolean {
  const head = Buffer.from(content.subarray(0, 200)).toString("latin1");
  return head.startsWith(binaryHeader) || head.trimStart().startsWith(armorHeader);
}

/** Encrypts to armored text, with one final newline. */
export async function encryptText(text: string, to: Recipients): Promise<{ readonly ok: true; readonly text: string } | Closed> {
  const recipients = to.recipients ?? [];
  if (to.passphrase && recipients.length > 0) {
    return { ok: false, why: "a file is encrypted for a passphrase or for public keys, not for both", help: "give one of the two" };
  }
  const { armor, Encrypter } = await age();
  const encrypter = new Encrypter();
  try {
    if (to.passphrase) encrypter.setPassphrase(to.passphrase.reveal());
    for (const recipient of recipients) encrypter.addRecipient(recipient);
  } catch {
    return { ok: false, why: "a recipient is not an age public key", help: "a public key begins with age1; age-keygen prints it" };
  }
  if (!to.passphrase && recipients.length === 0) return { ok: false, why: "nobody could open the file", help: ways };
  const encoded = armor.encode(await encrypter.encrypt(text));
  return { ok: true, text: encoded.endsWith("\n") ? encoded : `${encoded}\n` };
}

/** Opens an age file with whatever key fits. A wrong or missing key is a value that says what is needed. */
export async function decryptText(content: Uint8Array, keys: VaultKeys): Promise<{ readonly ok: true; readonly text: string } | Closed> {
  const { armor, Decrypter } = await age();
  let file: Uint8Array;
  try {
    const text = Buffer.from(content).toString("latin1");
    file = text.startsWith(binaryHeader) ? content : armor.decode(text);
  } catch {
    return { ok: false, why: "the encrypted text is damaged", help: "restore it from a copy: not a letter of it may change" };
  }
  const wants = wantedKey(file);
  const decrypter = new Decrypter();
  if (wants === "passphrase") {
    if (!keys.passphrase) return { ok: false, why: "it is encrypted with a passphrase, and none was given", help: ways };
    decrypter.addPassphrase(keys.passphrase.reveal());
  } else {
    const identities = keys.identities ?? [];
    if (identities.length === 0)
      return {
        ok: false,
        why: "it is encrypted for an age key, and no identity file was given",
        help: "name it with --vault-identity FILE",
      };
    for (const path of identities) {
      const read = identityKeys(path);
      if (!read.ok) return read;
      const wrong = addKeys(decrypter, read.keys);
      if (wrong) return { ok: false, why: `a key in ${path} is damaged`, help: "take the file that age-keygen wrote" };
    }
  }
  try {
    return { ok: true, text: await decrypter.decrypt(file, "text") };
  } catch {
    const why =
      wants === "passphrase" ? "the passphrase does not fit, or the file is damaged" : "none of the keys fits, or the file is damaged";
    return { ok: false, why, help: ways };
  }
}

/** The public keys of an identity file, so that a file can be encrypted for its owner. */
export async function recipientsOf(identityFile: string): Promise<{ readonly ok: true; readonly recipients: readonly string[] } | Closed> {
  const read = identityKeys(identityFile);
  if (!read.ok) return read;
  const { identityToRecipient } = await age();
  try {
    return { ok: true, recipients: await Promise.all(read.keys.map((key) => identityToRecipient(key))) };
  } catch {
    return { ok: false, why: `a key in ${identityFile} is damaged`, help: "take the file that age-keygen wrote" };
  }
}

function addKeys(decrypter: Decrypter, keys: readonly string[]): boolean {
  try {
    for (const key of keys) decrypter.addIdentity(key);
    return false;
  } catch {
    return true;
  }
}

function wantedKey(file: Uint8Array): "passphrase" | "identity" {
  const header = Buffer.from(file.subarray(0, 4096)).toString("latin1").split("\n---")[0] ?? "";
  return /^-> scrypt /m.test(header) ? "passphrase" : "identity";
}
