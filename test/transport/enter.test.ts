import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { exec } from "../../src/kernel/step.ts";
import { asLogin, type Identity, type Performed } from "../../src/kernel/target.ts";
import { ShellTarget } from "../../src/transport/shell-target.ts";
import { SpawnedLine } from "../../src/transport/spawned.ts";
import { doing } from "./subject.ts";

const folder = mkdtempSync(join(tmpdir(), "rempart-enter-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** Makes a file through shells before which `before` runs, as .bashrc and PAM do. */
async function touch(name: string, before: string, as: Identity = asLogin): Promise<Performed> {
  const target = new ShellTarget(new SpawnedLine((command) => `${before}\n${command}`), { bounds: { open: 2 } });
  const done = await target.perform({ as, lane: "work", links: [doing(exec("touch", join(folder, name)))], ask: [] });
  await target.close();
  return done;
}

test.each([
  ["one byte", "dd bs=1 count=1"],
  ["a line", "read -r line"],
  ["a block", "dd bs=512 count=1"],
])("what runs before the shell and eats %s of its input leaves no half of a script behind", async (_what, eats) => {
  const done = await touch("eaten", `${eats} >/dev/null 2>&1`);
  expect(done).toMatchObject({
    status: "refused",
    why: "what was meant for the shell was read by something that runs before it; nothing was done",
    help: expect.stringContaining(".bashrc"),
  });
  expect(existsSync(join(folder, "eaten"))).toBe(false);
});

test("what runs before the shell may talk", async () => {
  expect(await touch("talked", "echo welcome; echo warning >&2")).toMatchObject({ status: "done", links: [{ status: "done" }] });
  expect(existsSync(join(folder, "talked"))).toBe(true);
});

test("a shell that does not start is given up at the bound for that", async () => {
  const done = await touch("hung", "exec sleep 60", { method: "sudo", user: "root" });
  expect(done).toMatchObject({ status: "refused", why: expect.stringContaining("no shell within 2 s") });
});

test("a way to become somebody that says no is told in its own words", async () => {
  writeFileSync(join(folder, "env"), "#!/bin/sh\necho 'sudo: a password is required' >&2; exit 1\n", { mode: 0o755 });
  const done = await touch("no", `PATH='${folder}':$PATH`, { method: "sudo", user: "root" });
  expect(done).toMatchObject({ status: "refused", why: "sudo wants a password for becoming root, and none was given" });
});
