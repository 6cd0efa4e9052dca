import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { drive } from "./drive.ts";
import { FakeHost } from "./fakehost.ts";

/** One play or more over fake hosts, and what is told and left: Ansible's meaning of the keywords that say which host goes when. */
interface Case {
  readonly about: string;
  readonly hosts: Readonly<
    Record<string, "unreachable" | { readonly cells?: Record<string, string>; readonly broken?: readonly string[] }>
  >;
  readonly check?: boolean;
  readonly playbook: unknown;
  readonly lines?: readonly string[];
  /** The lines, when hosts need not wait for one another. */
  readonly "any order"?: readonly string[];
  /** In order, with the host in front. */
  readonly warnings?: readonly string[];
  readonly errors?: readonly string[];
  /** What is in the cells of each host behind it. */
  readonly cells?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

const folder = join(import.meta.dirname, "../cases/course");
const files = readdirSync(folder);

function hostOf(start: Case["hosts"][string]): FakeHost | undefined {
  if (start === "unreachable") return undefined;
  const host = new FakeHost();
  for (const [cell, text] of Object.entries(start.cells ?? {})) host.cells.set(cell, text);
  for (const cell of start.broken ?? []) host.broken.add(cell);
  return host;
}

describe.each(["chains", "task by task"])("%s", (how) => {
  it.each(files)("the case %s goes as it says", async (file) => {
    const c = parse(readFileSync(join(folder, file), "utf8")) as Case;
    const hosts = Object.fromEntries(Object.entries(c.hosts).map(([name, start]) => [name, hostOf(start)]));
    const options = { lookahead: how === "chains", check: c.check ?? false };
    const { events, errors } = await drive(JSON.stringify(c.playbook), hosts, options);
    if (c.errors) return expect(errors.map((e) => e.replace(/^[0-9:]+ /, ""))).toEqual(c.errors);
    expect(errors).toEqual([]);
    const lines = events.flatMap((e) => {
      if (e.event === "host") return [`${e.host} ${e.status}`];
      if (e.event !== "task") return [];
      return [`${[e.host, ...(e.delegates ?? [])].join(" -> ")} ${e.status} ${e.task}${e.ignored ? ` (${e.ignored})` : ""}`];
    });
    if (c["any order"]) expect(lines.toSorted()).toEqual(c["any order"].toSorted());
    else expect(lines).toEqual(c.lines);
    if (c.warnings)
      expect(events.flatMap((e) => (e.event === "warning" ? [`${e.host ? `${e.host}: ` : ""}${e.message}`] : []))).toEqual(c.warnings);
    for (const [name, cells] of Object.entries(c.cells ?? {})) expect(Object.fromEntries(hosts[name]?.cells ?? []), name).toEqual(cells);
  });
});
