import { expect, it } from "vitest";
import type { Connect } from "../../src/kernel/target.ts";
import { drive } from "./drive.ts";
import { connectTo, FakeHost } from "./fakehost.ts";

const text = `- hosts: a:b
  gather_facts: false
  tasks:
    - { name: there, put: { cell: x, text: "{{ inventory_hostname }}" }, delegate_to: c }
`;

it("connects to the delegate anew for the next host when its connection was lost", async () => {
  const hosts = { a: new FakeHost(), b: new FakeHost(), c: new FakeHost() };
  const cut: FakeHost = new FakeHost();
  cut.perform = async () => ({ status: "lost", why: "the line was cut", gone: true, links: [] });
  let times = 0;
  const connect: Connect = async (connection) => {
    if (connection.host === "c" && times++ === 0) return cut;
    return connectTo(hosts)(connection);
  };
  const { events, lines } = await drive(text, hosts, { connect });
  expect(events.flatMap((e) => (e.event === "host" ? [`${e.host} ${e.status}: ${e.message}`] : []))).toEqual([
    'a unreachable: c, to which "there" is delegated: the line was cut',
  ]);
  expect(lines).toEqual(["b -> c changed there"]);
  expect(cut.closed).toBe(true);
  expect(hosts.c.cells.get("x")).toBe("b");
});
