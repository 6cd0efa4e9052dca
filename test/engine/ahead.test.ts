import { describe, expect, it } from "vitest";
import { drive } from "./drive.ts";
import { FakeHost } from "./fakehost.ts";

const put = (cell: string, text: string): string => `    - { name: put ${cell}, put: { cell: ${cell}, text: "${text}" } }\n`;
const ask = (cell: string): string => `    - { name: ask ${cell}, ask: { cell: ${cell} }, register: ${cell} }\n`;
const tasks = put("a", "x") + ask("one") + put("b", "{{ one.text }}") + ask("two") + put("c", "{{ two.text }}");

const declared = { a: "x", one: "1", b: "1", two: "2", c: "2" };
const play = (text: string): string => `- hosts: h\n  gather_facts: false\n  tasks:\n${text}`;

async function on(cells: Readonly<Record<string, string>>): Promise<{ host: FakeHost; lines: readonly string[] }> {
  const host = new FakeHost();
  for (const [name, text] of Object.entries(cells)) host.cells.set(name, text);
  const { lines } = await drive(play(tasks), { h: host });
  return { host, lines };
}

const asked = ({ log }: FakeHost): string[] => log.map((l) => l.asked.map((id) => id.replace(/"/g, "")).join(", "));

describe("what programs of the user are asked ahead", () => {
  it("is everything on a host that is as declared: as many round trips as questions hang on one another", async () => {
    const { host, lines } = await on(declared);
    expect(lines.every((l) => l.startsWith("h ok "))).toBe(true);
    expect(asked(host)).toEqual(["cell a", "said one, said two", "cell b, cell c"]);
  });

  it("is so too in a later play, and where another host's task was done on it, as long as nothing was done", async () => {
    const hosts = { h: new FakeHost(), zone: new FakeHost() };
    for (const [name, text] of Object.entries(declared)) hosts.h.cells.set(name, text);
    const delegated = put("a", "x").replace(" }\n", ", delegate_to: h }\n");
    const { errors, lines } = await drive(
      `- hosts: zone\n  gather_facts: false\n  tasks:\n${delegated}- hosts: h\n  gather_facts: false\n  tasks:\n${put("a", "x")}${play(tasks)}`,
      hosts,
    );
    expect(errors).toEqual([]);
    expect(lines.filter((l) => !/^(h|zone -> h) ok /.test(l))).toEqual([]);
    expect(asked(hosts.h).slice(-3)).toEqual(["cell a", "said one, said two", "cell b, cell c"]);
  });

  it("does not count behind a step", async () => {
    const { host, lines } = await on({ a: "x", one: "1", b: "old", two: "2", c: "2" });
    expect(lines.filter((l) => !l.startsWith("h ok "))).toEqual(["h changed put b"]);
    expect(asked(host).filter((a) => a.includes("said two"))).toHaveLength(2);
  });

  it("is nothing behind a task that has something to do", async () => {
    const { host } = await on({ a: "old", one: "1", b: "1", two: "2", c: "2" });
    expect(asked(host).filter((a) => a.includes("said two"))).toHaveLength(1);
  });
});
