import { setTimeout as sleep } from "node:timers/promises";
import { expect, it } from "vitest";
import type { Connect } from "../../src/kernel/target.ts";
import { drive } from "./drive.ts";
import { FakeHost } from "./fakehost.ts";

/** Two hosts that note in one list what they do. */
function pair(): { readonly hosts: { readonly a: FakeHost; readonly b: FakeHost }; readonly done: string[] } {
  const hosts = { a: new FakeHost(), b: new FakeHost() };
  const done: string[] = [];
  for (const [name, host] of Object.entries(hosts)) host.beforeStep = ([, cell]) => done.push(`${name} ${cell}`);
  return { hosts, done };
}

const play = (tasks: string): string => `- hosts: all\n  gather_facts: false\n  tasks:\n${tasks}`;

it("lets no host act behind a step of unknown effect before all have done it", async () => {
  const { hosts, done } = pair();
  await drive(
    play(
      "    - { name: one, run: { cell: x, text: y } }\n    - { name: two, put: { cell: p, text: q } }\n    - { name: three, run: { cell: z, text: y } }\n",
    ),
    hosts,
  );
  const at = (word: string): number => done.indexOf(word);
  expect(Math.max(at("a x"), at("b x"))).toBeLessThan(Math.min(at("a p"), at("b p")));
  expect(Math.max(at("a p"), at("b p"))).toBeLessThan(Math.min(at("a z"), at("b z")));
});

it("waits for the host that has something to do where the other has not", async () => {
  const { hosts, done } = pair();
  await drive(
    play(
      '    - { name: only b, run: { cell: x, text: y }, when: inventory_hostname == "b" }\n    - { name: both, run: { cell: p, text: q } }\n    - { name: last, put: { cell: l, text: q } }\n',
    ),
    hosts,
  );
  expect(done).toEqual([
    "b x",
    expect.stringMatching(/ p$/),
    expect.stringMatching(/ p$/),
    expect.stringMatching(/ l$/),
    expect.stringMatching(/ l$/),
  ]);
});

it("asks a program again on a host that did nothing when another one has done something", async () => {
  const { hosts } = pair();
  hosts.a.beforeStep = () => hosts.b.cells.set("seen", "it is up");
  const only = '    - { name: only a, run: { cell: x, text: y }, when: inventory_hostname == "a" }\n';
  const ask = "    - { name: see, ask: { cell: seen }, register: r }\n";
  const { tasks } = await drive(play(`${only}${ask}    - { name: told, debug: { msg: "{{ r.text }}" } }\n`), hosts);
  expect(tasks.filter((t) => t.task === "told").map((t) => `${t.host} ${t.message}`)).toEqual(["a ", "b it is up"]);
});

it("takes a host out at its failure and lets the other go on, in this play and the next", async () => {
  const { hosts } = pair();
  hosts.a.broken.add("p");
  const { lines, summary } = await drive(
    `${play("    - { name: one, put: { cell: p, text: q } }\n    - { name: two, put: { cell: l, text: q } }\n")}${play("    - { name: again, put: { cell: m, text: q } }\n")}`,
    hosts,
  );
  expect(lines).toEqual(["a failed one", "b changed one", "b changed two", "b changed again"]);
  expect(summary?.hosts.a?.failed).toBe(1);
});

it("closes every connection even when one host ends in a bug", async () => {
  const { hosts } = pair();
  const connect: Connect = async ({ host }) => {
    if (host === "a") throw new Error("a bug");
    await sleep(20);
    return hosts.b;
  };
  await expect(drive(play("    - { name: one, put: { cell: p, text: q } }\n"), hosts, { connect })).rejects.toThrow("a bug");
  expect(hosts.b.closed).toBe(true);
});

it("tells what a host did before it was lost, and then that it is lost", async () => {
  const host = new FakeHost();
  const perform = host.perform.bind(host);
  host.perform = async (work) => {
    const done = await perform(work);
    const cut = {
      status: "lost",
      why: "the line was cut",
      gone: true,
      links: done.status === "done" ? done.links.slice(0, 1) : [],
    } as const;
    return work.links.length > 1 ? cut : done;
  };
  const { events } = await drive(play("    - { name: one, put: { cell: x, text: y } }\n    - { name: two, put: { cell: p, text: q } }\n"), {
    a: host,
  });
  const told = events.flatMap((e) => (e.event === "task" ? [`${e.task} ${e.status}`] : e.event === "host" ? [`host ${e.status}`] : []));
  expect(told).toEqual(["one changed", "host unreachable"]);
});
