import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { generateX25519Identity, identityToRecipient } from "age-encryption";
import { beforeAll, describe, expect, it } from "vitest";
import { loadInventory } from "../../src/inventory/inventory.ts";
import { loadVars } from "../../src/inventory/vars.ts";
import { decryptText, encryptText, isEncrypted, recipientsOf } from "../../src/inventory/vault.ts";
import { scrub } from "../../src/kernel/scrub.ts";
import { Secret } from "../../src/kernel/value.ts";
import { folderOf, linesOf } from "./load.ts";

const text = "token: canary-in-the-vault\nnumber: 1234567890\n";
const passphrase = new Secret("correct horse battery staple");
let keyFile = "";
let forKey = "";
let forPassphrase = "";

async function encrypted(to: Parameters<typeof encryptText>[1]): Promise<string> {
  const done = await encryptText(text, to);
  if (!done.ok) throw new Error(done.why);
  return done.text;
}

beforeAll(async () => {
  const identity = await generateX25519Identity();
  keyFile = join(folderOf({ "key.txt": `# created: today\n${identity}\n` }), "key.txt");
  forKey = await encrypted({ recipients: [await identityToRecipient(identity)] });
  forPassphrase = await encrypted({ passphrase });
});

describe("the vault", () => {
  it("opens what it closed, with a passphrase or an identity file", async () => {
    expect(await decryptText(Buffer.from(forPassphrase), { passphrase })).toEqual({ ok: true, text });
    expect(await decryptText(Buffer.from(forKey), { identities: [keyFile] })).toEqual({ ok: true, text });
    expect(isEncrypted(Buffer.from(forKey))).toBe(true);
    expect(isEncrypted(Buffer.from(text))).toBe(false);
  });

  it("tells the public keys of an identity file", async () => {
    const read = await recipientsOf(keyFile);
    expect(read.ok && read.recipients[0]).toMatch(/^age1/);
  });

  it.each([
    ["no passphrase", () => forPassphrase, () => ({}), "encrypted with a passphrase, and none was given"],
    ["a wrong passphrase", () => forPassphrase, () => ({ passphrase: new Secret("another passphrase") }), "the passphrase does not fit"],
    ["no identity", () => forKey, () => ({ passphrase }), "encrypted for an age key, and no identity file was given"],
    ["an identity file that is not there", () => forKey, () => ({ identities: ["/nowhere/key"] }), "/nowhere/key cannot be read"],
    ["an identity file without a key", () => forKey, () => ({ identities: ["package.json"] }), "package.json holds no age key"],
    ["a damaged text", () => forKey.slice(0, 120) + forKey.slice(160), () => ({ identities: [keyFile] }), "damaged"],
  ])("says why with %s, and how to give what is needed", async (_, content, keys, why) => {
    const opened = await decryptText(Buffer.from(content()), keys());
    expect(opened.ok ? "" : opened.why).toContain(why);
    expect(opened.ok ? "" : opened.help).not.toBe("");
  });

  it("refuses to encrypt for nobody, for both kinds, or for a wrong key", async () => {
    expect((await encryptText(text, {})).ok).toBe(false);
    expect((await encryptText(text, { passphrase, recipients: ["age1x"] })).ok).toBe(false);
    expect((await encryptText(text, { recipients: ["ssh-ed25519 AAAA"] })).ok).toBe(false);
  });
});

describe("encrypted files of variables", () => {
  it("are opened under every name, and whatever stands in them is secret from then on", async () => {
    const names = ["group_vars/all/secrets.age.yml", "group_vars/web.yml.age", "host_vars/one.yml"];
    const dir = folderOf({ "hosts.yml": "web: { hosts: { one: } }", ...Object.fromEntries(names.map((n) => [n, forKey])) });
    const { inventory, diagnostics } = await loadInventory([join(dir, "hosts.yml")], { identities: [keyFile] });
    expect(linesOf(diagnostics)).toEqual([]);
    const sources = inventory?.hosts.get("one")?.layers.map((l) => l.vars.at.source);
    expect(sources?.map((s) => s.secret)).toEqual([true, true, true]);
    expect(scrub("got canary-in-the-vault and 1234567890")).toBe("got ******** and ********");
  });

  it("that cannot be opened say which key they need; nothing of them is shown", async () => {
    const dir = folderOf({ "hosts.yml": "web: { hosts: { one: } }", "group_vars/web.yml": forPassphrase });
    const { inventory, diagnostics } = await loadInventory([join(dir, "hosts.yml")]);
    expect(inventory).toBeUndefined();
    expect(linesOf(diagnostics)[0]).toBe(
      `${dir}/group_vars/web.yml cannot be opened: it is encrypted with a passphrase, and none was given | give the passphrase with --vault-passphrase-file FILE or REMPART_VAULT_PASSPHRASE_FILE, or a key with --vault-identity FILE`,
    );
  });

  it("must not be plain under an encrypted name", async () => {
    const dir = folderOf({ "secrets.age.yml": text });
    expect(linesOf((await loadVars("secrets.age.yml", dir)).diagnostics)[0]).toContain(
      "is named as an encrypted file, but it is plain text",
    );
  });

  it("are found by loadVars, which names the encrypted file when the plain one is asked for", async () => {
    const dir = folderOf({ "secrets.yml.age": forKey });
    const { vars } = await loadVars("secrets.yml.age", dir, { identities: [keyFile] });
    expect(vars?.entries.map((e) => e.key.text)).toEqual(["token", "number"]);
    expect(linesOf((await loadVars("secrets.yml", dir)).diagnostics)[0]).toContain('did you mean "secrets.yml.age"?');
  });

  it("with a slip in them are told without a line of their text", async () => {
    const done = await encryptText("token: canary-of-broken-yaml\ntoken: twice\n", { passphrase });
    const dir = folderOf({});
    writeFileSync(join(dir, "s.yml"), done.ok ? done.text : "");
    const { diagnostics } = await loadVars("s.yml", dir, { passphrase });
    expect(diagnostics[0]?.at?.source.secret).toBe(true);
    expect(linesOf(diagnostics).join()).not.toContain("canary-of-broken-yaml");
  });
});
