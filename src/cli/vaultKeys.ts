import { readFileSync } from "node:fs";
import type { VaultKeys } from "../inventory/keys.ts";
import { Secret } from "../kernel/value.ts";
import { askSecret } from "./ask.ts";
import type { InventoryOptions } from "./targetOptions.ts";
import { UsageError } from "./usage.ts";

type Given = Pick<InventoryOptions, "vaultPassphraseFile" | "vaultIdentity" | "askVaultPassphrase">;

/** The passphrase and identities that the options or the environment name. */
export async function vaultKeys(o: Given): Promise<VaultKeys & { readonly identities: readonly string[] }> {
  const { REMPART_VAULT_PASSPHRASE_FILE: file, REMPART_VAULT_IDENTITY: identity } = process.env;
  const identities = o.vaultIdentity.length > 0 ? o.vaultIdentity : identity ? [identity] : [];
  const passphraseFile = o.vaultPassphraseFile ?? file;
  if (o.askVaultPassphrase) return { identities, passphrase: await askSecret("Vault passphrase") };
  return { identities, ...(passphraseFile && { passphrase: passphraseOf(passphraseFile) }) };
}

function passphraseOf(file: string): Secret {
  let text: string;
  try {
    text = readFileSync(file, "utf8").replace(/\r?\n$/, "");
  } catch {
    throw new UsageError(`the vault passphrase file ${file} cannot be read`);
  }
  if (text === "") throw new UsageError(`the vault passphrase file ${file} is empty`);
  return new Secret(text);
}
