import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Node } from "../../src/kernel/node.ts";
import { Secret, Unknown, type Value } from "../../src/kernel/value.ts";
import type { Role } from "../../src/playbook/model.ts";
import { mergeOptions } from "../../src/playbook/options.ts";
import { loadPlaybook } from "../../src/playbook/playbook.ts";
import { folderOf, linesOf, nodeOf } from "./texts.ts";

const optionsFile = `
summary: A web server.
options:
  server_name: { type: string, description: Name of the site., required: true, pattern: "[a-z.]+", pattern_help: must be a host name }
  port: { type: integer, description: Port., default: 443, min: 1, max: 65535 }
  mode: { type: string, description: Mode., default: proxy, choices: [proxy, static] }
  ratio: { type: number, description: Ratio. }
  enabled: { type: boolean, description: On or off., default: true }
  names: { type: list, description: More names., of: string, max: 3 }
  headers: { type: map, description: Headers to send., of: string, default: { X-Frame-Options: DENY } }
  token: { type: string, description: Key of the service., secret: true, min: 8 }
  tls:
    type: object
    description: Certificate.
    fields:
      protocols: { type: list, description: Versions., of: string, default: [TLSv1.3] }
      file: { type: string, description: Path. }
  sites:
    type: map
    description: Sites by name.
    of:
      type: object
      fields:
        upstream: { type: string, description: Where to., required: true }
        port: { type: integer, description: Port., default: 80 }
`;

const role = roleWith(optionsFile);

function roleWith(options: string): Role {
  const dir = folderOf({ "site.yml": "- hosts: all\n  roles: [web]\n", "roles/web/meta/options.yml": options });
  const { playbook, diagnostics } = loadPlaybook(join(dir, "site.yml"));
  const found = playbook?.plays[0]?.roles[0];
  if (!found) throw new Error(linesOf(diagnostics).join("\n"));
  return found;
}

function plain(node: Node): Value {
  if (node.kind === "seq") return node.items.map(plain);
  if (node.kind === "map") return Object.fromEntries(node.entries.map((e) => [e.key.text, plain(e.value)]));
  if (node.value === "{{ later }}") return new Unknown("some task");
  if (node.value === "{{ list }}") return ["a", 2];
  if (node.value === "{{ site }}") return { upstream: "app:1", prot: 3 };
  return node.at.source.secret && typeof node.value === "string" ? new Secret(node.value) : node.value;
}

function merge(...levels: string[]): { value: Readonly<Record<string, Value>>; errors: string[] } {
  const given = levels.map((text, i) => ({ node: nodeOf(text), origin: `level ${i}` }));
  const { value, diagnostics } = mergeOptions(role, given, plain);
  return { value, errors: linesOf(diagnostics) };
}

const good = "server_name: example.org";

describe("the options of a role", () => {
  it("are complete: what nobody sets has its default, or is empty, or null", () => {
    const { value, errors } = merge(good);
    expect(errors).toEqual([]);
    expect(value).toEqual({
      server_name: "example.org",
      port: 443,
      mode: "proxy",
      ratio: null,
      enabled: true,
      names: [],
      headers: { "X-Frame-Options": "DENY" },
      token: null,
      tls: { protocols: ["TLSv1.3"], file: null },
      sites: {},
    });
  });

  it("are merged level by level: maps and objects by key, lists and scalars replaced", () => {
    const { value } = merge(
      `${good}\nport: 80\nnames: [a, b]\nheaders: { A: "1", B: "2" }\nsites: { one: { upstream: "x:1", port: 81 } }\ntls: { file: /a }`,
      `port: 8080\nnames: [c]\nheaders: { B: "3" }\nsites: { one: { upstream: "y:1" }, two: { upstream: "z:1" } }\ntls: { protocols: [TLSv1.2] }`,
    );
    expect(value).toMatchObject({
      port: 8080,
      names: ["c"],
      headers: { "X-Frame-Options": "DENY", A: "1", B: "3" },
      sites: { one: { upstream: "y:1", port: 81 }, two: { upstream: "z:1", port: 80 } },
      tls: { protocols: ["TLSv1.2"], file: "/a" },
    });
  });

  it("lose a key of an open map by null, and go back to the default by null elsewhere", () => {
    const { value } = merge(`${good}\nport: 80\nheaders: { A: "1", B: "2" }`, "port: null\nheaders: { A: null, X-Frame-Options: null }");
    expect(value).toMatchObject({ port: 443, headers: { B: "2" } });
  });

  it("name a required one that nothing sets, and how to set it", () => {
    expect(merge("port: 80").errors).toEqual([
      '1:1 the option "web.server_name" is required and nothing sets it | Name of the site. Set it in group_vars or host_vars: web: { server_name: ... }',
    ]);
    expect(merge(`${good}\nsites: { one: { port: 1 } }`).errors[0]).toContain('2:15 the option "web.sites.one.upstream" is required');
  });

  it("are checked, each at its place", () => {
    const { errors } = merge(
      `server_name: Example!\nport: "80"\nmode: proxi\nenabled: yes\nratio: much\nnames: [a, 2]\nheaders: { A: 1 }\nsevrer_name: x\ntls: { fiel: x }\nsites: [a]`,
    );
    expect(errors).toEqual([
      '8:1 "web" has no option "sevrer_name" | did you mean "server_name"?',
      '1:14 "web.server_name" must be a host name, this is the text "Example!"',
      '2:7 "web.port" must be a whole number, this is the text "80" | write it without quotes: 80',
      '3:7 "web.mode" must be one of proxy, static, this is the text "proxi" | did you mean "proxy"?',
      '5:8 "web.ratio" must be a number, this is the text "much"',
      '4:10 "web.enabled" must be true or false, this is the text "yes" | write true, without quotes',
      '6:12 "web.names[1]" must be a text, this is the number 2 | write it in quotes: "2"',
      '7:15 "web.headers.A" must be a text, this is the number 1 | write it in quotes: "1"',
      '9:8 "web.tls" has no option "fiel" | did you mean "file"?',
      '10:8 "web.sites" must be a map | write sites: { name: value }',
    ]);
  });

  it("are measured: numbers by value, lists and texts by length", () => {
    expect(merge(`${good}\nport: 70000\nnames: [a, b, c, d]`).errors).toEqual([
      '2:7 "web.port" must be at most 65535, this is the number 70000',
      '3:8 "web.names" must have at most 3 items, this is a list',
    ]);
  });

  it("are secret where the role says so, and a wrong secret is not shown", () => {
    expect(merge(`${good}\ntoken: abcdefgh-token`).value.token).toBeInstanceOf(Secret);
    const { errors } = merge(`${good}\ntoken: geheim`);
    expect(errors).toEqual(['2:8 "web.token" must have at least 8 characters']);
  });

  it("may wait for a task, alone or as a whole", () => {
    expect(merge(`${good}\nport: "{{ later }}"`).value.port).toBeInstanceOf(Unknown);
    expect(merge(`${good}\nsites: "{{ later }}"`).value.sites).toBeInstanceOf(Unknown);
  });

  it("are checked inside the result of an expression, too", () => {
    expect(merge(`${good}\nnames: "{{ list }}"\nsites: { one: "{{ site }}" }`).errors).toEqual([
      '2:8 "web.names[1]" must be a text, this is the number 2 | write it in quotes: "2"',
      '3:15 "web.sites.one" has no option "prot" | did you mean "port"?',
    ]);
  });
});
