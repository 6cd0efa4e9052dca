import type { ScalarNode } from "../kernel/node.ts";
import type { SourceFile, Span } from "../kernel/span.ts";
import type { Host, VarLayer } from "./model.ts";

const names = ["localhost", "127.0.0.1", "::1"];

/** Names of the machine that we run on, known without an inventory. */
export function isLocalhost(name: string): boolean {
  return names.includes(name);
}

/** The machine that we run on, as Ansible's implicit localhost: a local connection, the variables of `all`, in no group. */
export function implicitLocalhost(name: string, layers: readonly VarLayer[]): Host {
  const source: SourceFile = { path: "(implicit localhost)", text: "ansible_connection: local\n" };
  const at: Span = { source, start: 0, end: 18 };
  const scalar = (text: string, start: number): ScalarNode => ({
    kind: "scalar",
    value: text,
    text,
    quoted: false,
    at: { source, start, end: start + text.length },
  });
  const vars = { kind: "map" as const, entries: [{ key: scalar("ansible_connection", 0), value: scalar("local", 20) }], at };
  return { name, groups: [], layers: [{ origin: "implicit localhost", vars }, ...layers], at };
}
