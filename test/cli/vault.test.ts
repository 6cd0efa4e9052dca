import { mkdtempSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { generateIdentity, identityToRecipient } from "age-encryption";
import { beforeAll, describe, expect, it } from "vitest";
import { runProgram } from "./screen.ts";

const folder = mkdtempSync(join(tmpdir(), "rempart-vault-"));
const plain = "token: hunter2hunter2\n";

beforeAll(async () => {
  writeFileSync(join(folder, "key.txt"), `# made for this test\n${await generateIdentity()}\n`);
  writeFileSync(join(folder, "pass"), "a good passphrase\n");
});

const vault = (command: string, stdin = "", env: Record<string, string> = {}) =>
  runProgram(["vault", ...command.split(" ")], folder, stdin, env);

/** A fresh plain file. */
function secretFile(name: string): string {
  writeFileSync(join(folder, name), plain);
  return name;
}

const text = (name: string) => readFileSync(join(folder, name), "utf8");

describe("rempart vault", () => {
  it("encrypts, views, edits and decrypts for an identity file", async () => {
    const file = secretFile("a.yml");
    const key = "--vault-identity key.txt";
    expect(await vault(`encrypt ${file} ${key}`)).toMatchObject({ exit: "0", stderr: "" });
    expect(text(file)).toMatch(/^-----BEGIN AGE ENCRYPTED FILE-----/);
    expect(statSync(join(folder, file)).mode & 0o777).toBe(0o600);
    expect(await vault(`view ${file} ${key}`)).toMatchObject({ exit: "0", stdout: plain });
    expect(await vault(`edit ${file} ${key}`, "", { EDITOR: "sed -i s/hunter2/hunter3/g" })).toMatchObject({ exit: "0" });
    expect(text(file)).not.toContain("hunter");
    await vault(`decrypt ${file} ${key}`);
    expect(text(file)).toBe("token: hunter3hunter3\n");
    expect(readdirSync(folder).filter((f) => f.startsWith("."))).toEqual([]);
  });

  it("leaves the file alone when nothing was edited or the editor failed", async () => {
    const file = secretFile("b.yml");
    await vault(`encrypt ${file} --vault-identity key.txt`);
    const before = text(file);
    expect((await vault(`edit ${file} --vault-identity key.txt`, "", { EDITOR: "true" })).stdout).toContain("nothing was changed");
    expect(await vault(`edit ${file} --vault-identity key.txt`, "", { EDITOR: "false" })).toMatchObject({ exit: "3" });
    expect(text(file)).toBe(before);
  });

  it("works with a passphrase: from a file, or asked for twice and then once", async () => {
    const file = secretFile("c.yml");
    expect(await vault(`encrypt ${file}`, "a good passphrase\na good passphrase\n")).toMatchObject({ exit: "0" });
    expect(await vault(`view ${file} --vault-passphrase-file pass`)).toMatchObject({ stdout: plain });
    expect(await vault(`view ${file}`, "a good passphrase\n")).toMatchObject({ stdout: plain });
    expect(await vault(`view ${file}`, "a bad passphrase\n")).toMatchObject({ exit: "3", stdout: "" });
  });

  it("says what is wrong: two passphrases, no file, encrypted twice, not encrypted, an unfit key", async () => {
    const file = secretFile("d.yml");
    expect((await vault(`encrypt ${file}`, "one thing\nanother\n")).stderr).toContain("differ");
    expect((await vault("view nothing.yml")).stderr).toContain("nothing.yml cannot be read");
    expect((await vault(`view ${file}`)).stderr).toContain("is not encrypted");
    const other = await identityToRecipient(await generateIdentity());
    await vault(`encrypt ${file} --recipient ${other}`);
    expect((await vault(`encrypt ${file} --recipient ${other}`)).stderr).toContain("encrypted already");
    const seen = await vault(`view ${file} --vault-identity key.txt`);
    expect(seen.exit).toBe("3");
    expect(seen.stderr).toMatch(/none of the keys fits/);
    expect(seen.stderr).not.toMatch(/\n {4}at /);
  });
});
