import { createHash, randomBytes } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import type { DownloadStep } from "../../../src/kernel/step.ts";
import { type Subject, script } from "../subject.ts";

/** Files of any size and content, from the target to here. */
export function downloadCases(subject: Subject): void {
  const here = mkdtempSync(join(tmpdir(), "rempart-download-"));
  afterAll(() => rmSync(here, { recursive: true }));
  /** The file is on the target, put there by an upload. */
  const download = async (name: string, bytes: Buffer, more: Partial<DownloadStep> = {}): Promise<DownloadStep> => {
    const sent = join(here, "sent");
    writeFileSync(sent, bytes);
    const [owner = "", group = ""] = (await subject.run(script("id -u; id -g"))).stdout.split("\n");
    const sha256 = createHash("sha256").update(bytes).digest("hex");
    const there = { path: subject.path(name), size: bytes.length, sha256 };
    expect(await subject.link({ do: "upload", local: sent, mode: "0644", owner, group, ...there })).toMatchObject({ status: "done" });
    return { do: "download", local: join(here, "deep", "er", name), ...there, ...more };
  };
  const left = (): string[] => readdirSync(here, { recursive: true }).filter((name) => String(name).includes(".rempart-")) as string[];

  test("small and large binary files come byte for byte, and only their owner may read them", async () => {
    for (const [name, bytes] of [
      ["empty.bin", Buffer.alloc(0)],
      ["it's $(odd).bin", Buffer.from(Array.from({ length: 70_000 }, (_, i) => (i * 7 + (i >> 8)) % 256))],
      ["whole-piece.bin", Buffer.alloc(1024 * 1024, "ab\n\0")],
      ["large.bin", randomBytes(2_500_001)],
    ] as const) {
      const step = await download(name, bytes);
      expect(await subject.link(step)).toMatchObject({ status: "done", ran: [{ rc: 0, stdout: "" }] });
      expect(readFileSync(step.local).equals(bytes)).toBe(true);
      expect(statSync(step.local).mode & 0o777).toBe(0o600);
    }
    expect(left()).toEqual([]);
  });

  test("what stands in the place is replaced, and a link there is not followed", async () => {
    const step = await download("again.bin", Buffer.from("new\n"), { local: join(here, "again.bin") });
    const elsewhere = join(here, "elsewhere");
    writeFileSync(elsewhere, "old\n");
    symlinkSync(elsewhere, step.local);
    expect(await subject.link(step)).toMatchObject({ status: "done" });
    expect([readFileSync(step.local, "utf8"), readFileSync(elsewhere, "utf8")]).toEqual(["new\n", "old\n"]);
  });

  test("a file that is not the expected one is not put in place", async () => {
    const bytes = randomBytes(100_000);
    const wrong = await download("wrong.bin", bytes, { sha256: "0".repeat(64) });
    const grown = await download("grown.bin", bytes, { size: 99_999 });
    const shrunk = await download("shrunk.bin", bytes, { size: 100_001 });
    for (const step of [wrong, grown, shrunk]) {
      expect(await subject.link(step)).toMatchObject({ status: "failed", why: expect.stringContaining("changed while it was read") });
      expect(existsSync(step.local)).toBe(false);
    }
    const gone = await download("gone.bin", bytes, { path: subject.path("no-such") });
    expect(await subject.link(gone)).toMatchObject({ status: "failed", why: expect.stringContaining("could not be read") });
    writeFileSync(join(here, "file"), "");
    const nowhere = await download("nowhere.bin", bytes, { local: join(here, "file", "below") });
    expect(await subject.link(nowhere)).toMatchObject({ status: "failed", why: expect.stringContaining("cannot be written") });
    expect(left()).toEqual([]);
  });
}
