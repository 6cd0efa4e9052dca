import { describe, expect, it } from "vitest";
import type { HostProgress, Journal, Owed } from "../../src/kernel/journal.ts";
import { type Driven, drive } from "./drive.ts";
import { FakeHost } from "./fakehost.ts";

/** A journal in memory, and what was in it each time before a host acted. */
class MemoryJournal implements Journal {
  readonly hosts = new Map<string, HostProgress>();
  readonly handled: string[] = [];

  note(host: string, progress: HostProgress): void {
    // As a file would keep it.
    this.hosts.set(host, structuredClone(progress));
  }

  ran(host: string, { handler }: Owed): void {
    this.handled.push(`${host} ${handler}`);
  }

  owed(host: string): string[] {
    return (this.hosts.get(host)?.owed ?? []).map((o) => o.handler);
  }
}

const play = (tasks: string, handlers = ""): string =>
  `- name: p\n  hosts: all\n  gather_facts: false\n  tasks:\n${tasks.replace(/^(?=.)/gm, "    ")}${handlers === "" ? "" : `  handlers:\n${handlers.replace(/^(?=.)/gm, "    ")}`}`;
const put = (name: string, cell: string, more = ""): string => `- { name: ${name}, put: { cell: ${cell}, text: z }${more} }\n`;
const handlers = put("restart", "h") + put("other", "o");
const notified = play(put("one", "a", ", notify: restart") + put("two", "b") + put("three", "c"), handlers);

async function run(
  text: string,
  hosts: Record<string, FakeHost>,
  from?: MemoryJournal,
): Promise<Driven & { readonly journal: MemoryJournal }> {
  const journal = new MemoryJournal();
  const driven = await drive(text, hosts, { how: { journal, ...(from && { resume: from.hosts }) } });
  expect(driven.errors).toEqual([]);
  return { ...driven, journal };
}

const said = ({ events }: Driven): string[] => events.flatMap((e) => (e.event === "warning" ? [`${e.host}: ${e.message}`] : []));

function breaking(...cells: string[]): FakeHost {
  const host = new FakeHost();
  for (const cell of cells) host.broken.add(cell);
  return host;
}

describe("a run that failed between a notify and its handler", () => {
  it("notes the failed task and the handler that the host is owed", async () => {
    const { lines, journal } = await run(notified, { a: breaking("b") });
    expect(lines).toEqual(["a changed one", "a failed two"]);
    const owed = [{ play: 0, playName: "p", role: "", handler: "restart" }];
    expect(journal.hosts.get("a")).toEqual({ play: 0, path: [1], task: "two", done: false, owed });
  });

  it("is resumed at that task, asks nothing of those before, and runs the handler", async () => {
    const a = breaking("b");
    const { journal } = await run(notified, { a });
    a.broken.clear();
    a.log.length = 0;
    const again = await run(notified, { a }, journal);
    expect(again.lines).toEqual(["a changed two", "a changed three", "a changed restart"]);
    expect(said(again)).toEqual(['a: resumes at "two"']);
    expect(a.log.flatMap((l) => l.asked)).not.toContain('cell "a"');
    expect(again.journal.handled).toEqual(["a restart"]);
    expect(again.journal.hosts.get("a")).toMatchObject({ done: true, owed: [] });
  });

  it("still owes the handler when that failed, and the handlers behind it", async () => {
    const text = play(put("one", "a", ", notify: [restart, other]"), handlers);
    const a = breaking("h");
    const { journal } = await run(text, { a });
    expect(journal.owed("a")).toEqual(["restart", "other"]);
    a.broken.clear();
    expect((await run(text, { a }, journal)).lines).toEqual(["a changed restart", "a changed other"]);
  });

  it("owes a handler also when the task that notifies it failed after it had begun", async () => {
    const { journal } = await run(play(`- { name: one, lie: { cell: a, text: z }, notify: restart }\n${put("two", "b")}`, handlers), {
      a: new FakeHost(),
    });
    expect(journal.owed("a")).toEqual(["restart"]);
  });

  it("notes what a chain may notify before the chain is sent: the process may die in the midst of it", async () => {
    const a = new FakeHost();
    const journal = new MemoryJournal();
    let before: string[] = [];
    a.beforeStep = () => {
      before = journal.owed("a");
    };
    await drive(notified, { a }, { how: { journal } });
    expect(before).toEqual(["restart"]);
    expect(journal.owed("a")).toEqual([]);
  });

  it("notes them for a host that was lost while it acted", async () => {
    const a = new FakeHost();
    const perform = a.perform.bind(a);
    a.perform = async (work) => {
      const done = await perform(work);
      return work.links.length > 0 ? { status: "lost", why: "the line was cut", gone: true, links: [] } : done;
    };
    const { journal } = await run(notified, { a });
    expect(journal.hosts.get("a")).toMatchObject({ path: [0], task: "one", done: false, owed: [{ handler: "restart" }] });
    a.perform = perform;
    // All was done after all, so nothing notifies any more.
    expect((await run(notified, { a }, journal)).lines).toEqual(["a ok one", "a ok two", "a ok three", "a changed restart"]);
  });
});

describe("a resumed run", () => {
  it("leaves a host alone that came to the end, and begins with one that it does not know", async () => {
    const hosts = { a: breaking("b"), b: new FakeHost() };
    const { journal } = await run(notified, hosts);
    expect(journal.hosts.get("b")).toMatchObject({ done: true, owed: [] });
    hosts.a.broken.clear();
    hosts.b.cells.clear();
    const more = { ...hosts, c: new FakeHost() };
    const { lines } = await run(notified, more, journal);
    expect(lines.filter((l) => l.startsWith("b"))).toEqual([]);
    expect(lines.filter((l) => l.startsWith("c"))).toEqual(["c changed one", "c changed two", "c changed three", "c changed restart"]);
  });

  it("starts earlier, and says so, when something before registers or sets what may be needed", async () => {
    const text = play(
      put("zero", "n") + put("one", "a", ", register: r") + put("two", "b") + put("three", "c", ", when: r.failed == false"),
    );
    const a = breaking("b");
    const { journal } = await run(text, { a });
    a.broken.clear();
    const again = await run(text, { a }, journal);
    expect(again.lines).toEqual(["a ok one", "a changed two", "a changed three"]);
    expect(said(again)).toEqual(['a: starts earlier than it came, at "one": what that registers or sets may be needed behind it']);
  });

  it("begins a block again whose rescue or always part it had come to", async () => {
    const text = play(
      `${put("zero", "n")}- block:\n${`${put("one", "a")}${put("two", "b")}`.replace(/^(?=.)/gm, "    ")}  rescue:\n${put("saved", "s").replace(/^/, "    ")}`,
    );
    const a = breaking("b", "s");
    const { journal } = await run(text, { a });
    a.broken.clear();
    expect((await run(text, { a }, journal)).lines).toEqual(["a ok one", "a changed two"]);
  });

  it("leaves out the plays that the host had done, as far as nothing in them is needed behind", async () => {
    const text = `${play(put("one", "a"))}${play(put("two", "b")).replace("name: p", "name: q")}`.replaceAll(
      "gather_facts: false",
      "gather_facts: true",
    );
    const a = breaking("b");
    const { journal } = await run(text, { a });
    a.broken.clear();
    expect((await run(text, { a }, journal)).lines).toEqual(["a changed two"]);
  });

  it("begins the play at its first task when the playbook is not as it was", async () => {
    const a = breaking("b");
    const { journal } = await run(notified, { a });
    a.broken.clear();
    const changed = notified.replace("    - { name: one", "    - { name: new, put: { cell: n, text: z } }\n    - { name: one");
    const again = await run(changed.replace("name: two", "name: second"), { a }, journal);
    expect(again.lines).toEqual(["a changed new", "a ok one", "a changed second", "a changed three", "a changed restart"]);
    expect(said(again)).toEqual(['a: the playbook is not as it was: the play "p" begins at its first task']);
  });

  it("says which handler it cannot run because it is gone", async () => {
    const a = breaking("b");
    const { journal } = await run(notified, { a });
    a.broken.clear();
    const gone = play(put("one", "a") + put("two", "b") + put("three", "c"));
    expect(said(await run(gone, { a }, journal))[0]).toContain(
      'the handler "restart" of the play "p" was owed to this host and is not in the playbook',
    );
  });

  it("leaves the journal as it is in check mode, and foretells the handler", async () => {
    const a = breaking("b");
    const { journal } = await run(notified, { a });
    const kept = new MemoryJournal();
    const { lines } = await drive(notified, { a }, { check: true, how: { journal: kept, resume: journal.hosts } });
    expect(lines).toEqual(["a changed two", "a changed three", "a changed restart"]);
    expect(kept.hosts.size).toBe(0);
  });
});
