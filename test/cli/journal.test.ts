import { existsSync, fsyncSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { JournalFile, journalPath, readJournal } from "../../src/cli/journal.ts";
import type { HostProgress, Owed } from "../../src/kernel/journal.ts";

vi.mock("node:fs", async (real) => {
  const fs = await real<typeof import("node:fs")>();
  return { ...fs, fsyncSync: vi.fn(fs.fsyncSync), renameSync: vi.fn(fs.renameSync) };
});

let folder: string;
let path: string;
const told: string[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "rempart-journal-"));
  path = join(folder, "deep/journal.json");
  told.length = 0;
});

afterEach(() => {
  rmSync(folder, { recursive: true });
  vi.unstubAllEnvs();
});

const restart: Owed = { play: 0, playName: "p", role: "", handler: "restart" };
const at = (more: Partial<HostProgress> = {}): HostProgress => ({ play: 0, path: [1], task: "two", done: false, owed: [], ...more });
const journal = (keep = true): JournalFile => new JournalFile(path, "site.yml", ["hosts.yml"], keep, (message) => told.push(message));
const owedOn = (host: string): string[] | undefined => readJournal(path)?.hosts[host]?.owed.map((o) => o.handler);

describe("the journal", () => {
  it("is on disk as soon as a handler is owed, for its owner alone", () => {
    journal().note("a", at({ owed: [restart] }));
    expect(owedOn("a")).toEqual(["restart"]);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(statSync(join(folder, "deep")).mode & 0o777).toBe(0o700);
  });

  it("is on the disk itself before it takes the place of the one before", () => {
    vi.mocked(fsyncSync).mockClear();
    vi.mocked(renameSync).mockClear();
    journal().note("a", at({ owed: [restart] }));
    const [file, folder] = vi.mocked(fsyncSync).mock.invocationCallOrder;
    const [renamed = 0] = vi.mocked(renameSync).mock.invocationCallOrder;
    expect(file).toBeLessThan(renamed);
    expect(folder).toBeGreaterThan(renamed);
  });

  it("is removed when all hosts have come to the end and are owed nothing", () => {
    const one = journal();
    one.note("a", at({ owed: [restart] }));
    one.note("b", at());
    one.note("a", at({ done: true }));
    expect(existsSync(path)).toBe(true);
    one.note("b", at({ done: true }));
    expect(existsSync(path)).toBe(false);
  });

  it("keeps what an earlier run left until it runs", () => {
    journal().note("a", at({ owed: [restart] }));
    const again = journal();
    again.note("a", at({ path: [0] }));
    expect(owedOn("a")).toEqual(["restart"]);
    again.note("a", at({ done: true }));
    expect(owedOn("a")).toEqual(["restart"]);
    again.ran("a", restart);
    again.write();
    expect(existsSync(path)).toBe(false);
  });

  it("of a resumed run holds only what is owed now", () => {
    journal().note("a", at({ owed: [restart] }));
    const resumed = journal(false);
    resumed.note("a", at({ owed: [{ ...restart, handler: "other" }] }));
    expect(owedOn("a")).toEqual(["other"]);
  });

  it("leaves hosts alone that another run has noted meanwhile", () => {
    const [one, two] = [journal(), journal()];
    one.note("a", at({ owed: [restart] }));
    two.note("b", at({ owed: [restart] }));
    one.note("a", at({ task: "three", owed: [] }));
    expect([owedOn("a"), owedOn("b")]).toEqual([[], ["restart"]]);
  });

  it("that cannot be written is told once, and the run goes on", () => {
    const one = journal();
    writeFileSync(join(folder, "deep"), "a file in the way");
    one.note("a", at());
    one.note("a", at({ owed: [restart] }));
    expect(told).toEqual([expect.stringContaining("this run cannot be resumed")]);
  });

  it("that is damaged is told, with what to do", () => {
    mkdirSync(join(folder, "deep"));
    writeFileSync(path, "{");
    expect(() => readJournal(path)).toThrow("is damaged");
  });
});

describe("its place", () => {
  it("is in the state folder, another one for each playbook and inventory", () => {
    vi.stubEnv("XDG_STATE_HOME", folder);
    const files = ["site.yml", "hosts.yml", "more.yml"].map((name) => join(folder, name));
    for (const file of files) writeFileSync(file, "");
    const [site = "", hosts = "", more = ""] = files;
    expect(journalPath(site, [hosts])).toMatch(`${folder}/rempart/journal/site-`);
    expect(new Set([journalPath(site, [hosts]), journalPath(site, [more]), journalPath(hosts, [hosts])]).size).toBe(3);
    expect(journalPath(site, [hosts])).toBe(journalPath(join(folder, "./site.yml"), [hosts]));
  });

  it("is ~/.local/state without XDG_STATE_HOME, or with a relative one", () => {
    const site = join(folder, "site.yml");
    writeFileSync(site, readFileSync("/dev/null"));
    for (const state of ["", "relative"]) {
      vi.stubEnv("XDG_STATE_HOME", state);
      vi.stubEnv("HOME", folder);
      expect(journalPath(site, [])).toMatch(join(folder, ".local/state/rempart/journal/site-"));
    }
  });
});
