import { describe, expect, it } from "vitest";
import { placeOf } from "../../src/kernel/span.ts";
import { inventoryOf, linesOf } from "./load.ts";

const text = `
web: { hosts: { web1: , web2: , web3: } }
eu: { hosts: { db2: , web2: , web3: } }
db: { hosts: { db1: , db2: } }
empty: {}
`;

async function select(pattern: string): Promise<string> {
  const { hosts, diagnostics } = (await inventoryOf(text)).select(pattern);
  return [...hosts.map((h) => h.name), ...linesOf(diagnostics)].join(" ");
}

describe("a host pattern", () => {
  it.each([
    ["all", "web1 web2 web3 db2 db1"],
    ["*", "web1 web2 web3 db2 db1"],
    ["web", "web1 web2 web3"],
    ["web1", "web1"],
    ["db:web1", "web1 db2 db1"],
    ["db,web1", "web1 db2 db1"],
    ["web:&eu", "web2 web3"],
    ["web,db:&eu", "web2 web3 db2"],
    ["all:!web", "db2 db1"],
    ["!web:all", "db2 db1"],
    ["!web", "db2 db1"],
    ["web:&eu:!web3", "web2"],
    ["web*", "web1 web2 web3"],
    ["*2", "web2 db2"],
    ["web?:!web[!1]", "web1"],
    ["~(web|db)[12]$", "web1 web2 db2 db1"],
    ["web[0]", "web1"],
    ["web[-1]", "web3"],
    ["web[0:1]", "web1 web2"],
    ["web[1:]", "web2 web3"],
    ["empty", ""],
    ["all:!zz*", "web1 web2 web3 db2 db1"],
    ["localhost", "localhost"],
    ["127.0.0.1", "127.0.0.1"],
    ["web1,localhost", "web1 localhost"],
    ["::1", "::1"],
  ])("%s selects %s, in the order of the inventory", async (pattern, expected) => {
    expect(await select(pattern)).toBe(expected);
  });

  it.each([
    ["wbe", 'no host and no group is named "wbe" | did you mean "web"?'],
    ["all:!wbe1", 'web1 web2 web3 db2 db1 no host and no group is named "wbe1" | did you mean "web1"?'],
    [
      "production",
      'no host and no group is named "production" | the inventory has all, ungrouped, web, eu, db, empty, web1, web2, web3, db2, db1',
    ],
    ["zz*", 'no host and no group matches "zz*" | the inventory has all, ungrouped, web, eu, db, empty, web1, web2, web3, db2, db1'],
    ["web[7]", 'no host and no group matches "web[7]" | the inventory has all, ungrouped, web, eu, db, empty, web1, web2, web3, db2, db1'],
    ["", "the host pattern is empty | write all, or the name of a group or host"],
    [",", "the host pattern is empty | write all, or the name of a group or host"],
  ])("%s is told as wrong", async (pattern, expected) => {
    expect(await select(pattern)).toBe(expected);
  });

  it("that is no regular expression is told as such", async () => {
    expect(await select("~web(")).toContain('the pattern "~web(" cannot be read');
  });

  it("is blamed where it was written", async () => {
    const source = { path: "site.yml", text: "- hosts: wbe\n" };
    const { diagnostics } = (await inventoryOf(text)).select("wbe", { source, start: 9, end: 12 });
    const at = diagnostics[0]?.at;
    expect(at && placeOf(at)).toEqual({ file: "site.yml", line: 1, column: 10 });
  });

  it("finds the machine itself without an inventory: connection local, variables of all, member of nothing", async () => {
    const inventory = await inventoryOf("all: { vars: { x: 1 } }", { "host_vars/localhost.yml": "y: 2" });
    const [host] = inventory.select("localhost").hosts;
    expect(host?.groups).toEqual([]);
    expect(host?.layers.flatMap((l) => l.vars.entries.map((e) => e.key.text))).toEqual(["ansible_connection", "x", "y"]);
    expect(inventory.select("all").hosts).toEqual([]);
  });
});
