import { createHash, randomBytes } from "node:crypto";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, expect, test, vi } from "vitest";
import { exec, type UploadStep } from "../../../src/kernel/step.ts";
import { type Subject, script } from "../subject.ts";

/** Files of any size and content. */
export function uploadCases(subject: Subject): void {
  const here = mkdtempSync(join(tmpdir(), "rempart-upload-"));
  afterAll(() => rmSync(here, { recursive: true }));
  const upload = async (name: string, bytes: Buffer, more: Partial<UploadStep> = {}): Promise<UploadStep> => {
    const local = join(here, name);
    writeFileSync(local, bytes);
    const [owner, group] = (await subject.run(script("id -u; id -g"))).stdout.split("\n");
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    return {
      do: "upload",
      path: subject.path(name),
      local,
      size: bytes.length,
      sha256,
      mode: "0750",
      owner: owner ?? "",
      group: group ?? "",
      ...more,
    };
  };
  const digest = async (name: string): Promise<string> =>
    (await subject.run(script(`sha256sum <'${subject.path(name)}'`))).stdout.slice(0, 64);
  const staging = async (): Promise<string> =>
    (await subject.run(script(`ls -a /var/tmp /tmp '${subject.folder}' 2>/dev/null | grep '^\\.rempart-' || true`))).stdout;
  /** What stays. Other suites on this machine have uploads of their own on the way: those go by themselves. */
  const left = async (): Promise<string> => {
    const seen = new Set((await staging()).split("\n"));
    seen.delete("");
    for (let i = 0; i < 100 && seen.size > 0; i++) {
      await sleep(100);
      const now = new Set((await staging()).split("\n"));
      for (const name of seen) if (!now.has(name)) seen.delete(name);
    }
    return [...seen].join("\n");
  };
  const every = Buffer.from(Array.from({ length: 70_000 }, (_, i) => (i * 7 + (i >> 8)) % 256));

  test("small and large binary files arrive byte for byte", async () => {
    for (const [name, bytes] of [
      ["empty.bin", Buffer.alloc(0)],
      ["small.bin", every],
      ["zeros.bin", Buffer.alloc(300_000)],
      ["large.bin", randomBytes(1_500_000)],
    ] as const) {
      const step = await upload(name, bytes);
      expect(await subject.link(step)).toMatchObject({ status: "done" });
      expect(await digest(name)).toBe(step.sha256);
    }
    expect((await subject.run(exec("ls", "-l", subject.path("large.bin")))).stdout).toMatch(/^-rwxr-x---/);
    expect(await left()).toBe("");
  });

  test("what is on its way goes with the connection, and so does the lock of its run", async () => {
    const target = await subject.fresh();
    const run = randomBytes(8).toString("hex");
    const lock = { run, owner: "anna", runner: "here.1.2", started: Date.now(), take: true };
    await subject.perform({ lock }, target);
    const step = await upload("cut.bin", randomBytes(400_000), { validate: "sleep 30" });
    const cut = subject.perform({ lock, links: [{ guard: [], steps: [step], verify: [] }] }, target);
    await vi.waitFor(async () => expect(await staging()).not.toBe(""), { timeout: 20_000 });
    await target.close();
    await cut;
    expect(await left()).toBe("");
    expect((await subject.run(script(`ls -l /run /tmp /var/run 2>/dev/null | grep -c ':${run}:' || true`))).stdout).toBe("0\n");
  });

  test("what arrives otherwise than it was read is not put in place", async () => {
    const wrong = await upload("wrong.bin", randomBytes(400_000), { sha256: "0".repeat(64) });
    expect(await subject.link(wrong)).toMatchObject({
      status: "failed",
      why: expect.stringContaining("what arrived is not what was sent"),
    });
    const gone = await upload("gone.bin", every, { local: join(here, "no-such") });
    expect(await subject.link(gone)).toMatchObject({ status: "failed", why: expect.stringContaining("cannot be read") });
    const shorter = await upload("shorter.bin", randomBytes(400_000), { size: 500_000 });
    expect(await subject.link(shorter)).toMatchObject({ status: "failed", why: expect.stringContaining("changed while it was sent") });
    expect((await subject.run(script(`ls '${subject.folder}' | grep -E 'wrong|gone|shorter' || true`))).stdout).toBe("");
    expect(await left()).toBe("");
  });
}
