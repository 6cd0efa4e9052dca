import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { loadInventory } from "../../src/inventory/inventory.ts";
import type { Host } from "../../src/inventory/model.ts";
import { errorsOf, folderOf, inventoryOf, linesOf } from "./load.ts";

const home = `
all:
  vars: { a: all }
  hosts:
    lone:
  children:
    web:
      hosts:
        web[01:03]: { b: host }
      vars: { a: web }
    db:
      children:
        db_eu:
          hosts:
            db-[a:c]:
nas:
  hosts:
    nas1:
`;

/** The value that wins, and where it comes from. */
function winner(host: Host | undefined, name: string): string {
  const layer = host?.layers.findLast((l) => l.vars.entries.some((e) => e.key.text === name));
  const value = layer?.vars.entries.find((e) => e.key.text === name)?.value;
  return value?.kind === "scalar" ? value.text : "";
}

describe("a YAML inventory", () => {
  it("keeps the hosts in the order of the file, with ranges expanded", async () => {
    const { hosts } = await inventoryOf(home);
    expect([...hosts.keys()]).toEqual(["lone", "web01", "web02", "web03", "db-a", "db-b", "db-c", "nas1"]);
  });

  it("gives each host its groups by name, ancestors among them, and puts the groupless into ungrouped", async () => {
    const { hosts, groups } = await inventoryOf(home);
    expect(hosts.get("db-a")?.groups).toEqual(["db", "db_eu"]);
    expect(hosts.get("lone")?.groups).toEqual(["ungrouped"]);
    expect(groups.get("db")?.hosts).toEqual(["db-a", "db-b", "db-c"]);
    expect(groups.get("all")?.hosts).toHaveLength(8);
    expect(groups.get("ungrouped")?.hosts).toEqual(["lone"]);
  });

  it("lets steps and letters into ranges", async () => {
    const { hosts } = await inventoryOf("all:\n  hosts:\n    n[1:9:4]:\n    a[x:z]-[1:2]:\n");
    expect([...hosts.keys()]).toEqual(["n1", "n5", "n9", "ax-1", "ax-2", "ay-1", "ay-2", "az-1", "az-2"]);
  });

  it("lays several files over each other, the later one above", async () => {
    const dir = folderOf({
      "a.yml": "web: { hosts: { one: { x: 1 } }, vars: { y: 1 } }",
      "b.yml": "web: { hosts: { one: { x: 2 }, two: {} }, vars: { y: 2 } }",
    });
    const { inventory } = await loadInventory([join(dir, "a.yml"), join(dir, "b.yml")]);
    expect(inventory?.groups.get("web")?.hosts).toEqual(["one", "two"]);
    expect(winner(inventory?.hosts.get("one"), "x") + winner(inventory?.hosts.get("one"), "y")).toBe("22");
  });

  it("may be a folder of files", async () => {
    const dir = folderOf({
      "inv/10.yml": "web: { hosts: { one: } }",
      "inv/20.yml": "db: { hosts: { two: } }",
      "inv/group_vars/web.yml": "x: 1",
      "inv/README.md": "# text",
    });
    const { inventory, diagnostics } = await loadInventory([join(dir, "inv")]);
    expect(linesOf(diagnostics)).toEqual([]);
    expect([...(inventory?.hosts.keys() ?? [])]).toEqual(["one", "two"]);
    expect(winner(inventory?.hosts.get("one"), "x")).toBe("1");
  });
});

describe("variables of a host", () => {
  it("come low to high: all, parents, children, host; inventory, files beside it, files beside the playbook", async () => {
    const { hosts } = await inventoryOf(home, {
      "group_vars/all.yml": "a: 1",
      "group_vars/web/10-first.yml": "a: 2",
      "group_vars/web/20-second.yaml": "a: 3",
      "playbooks/group_vars/web": "a: 4",
      "host_vars/web01.yml": "b: 5",
      "playbooks/host_vars/web01.yml": "b: 6",
    });
    const origins = hosts.get("web01")?.layers.map((l) =>
      l.origin
        .split("/")
        .slice(-2)
        .join("/")
        .replace(/^.*hosts\.yml/, "hosts.yml"),
    );
    expect(origins?.map((o) => o.replace(/^rempart-read-\w+\//, ""))).toEqual([
      "hosts.yml: group all",
      "group_vars/all.yml",
      "hosts.yml: group web",
      "web/10-first.yml",
      "web/20-second.yaml",
      "group_vars/web",
      "hosts.yml: host web01",
      "host_vars/web01.yml",
      "host_vars/web01.yml",
    ]);
    expect(winner(hosts.get("web01"), "a")).toBe("4");
    expect(winner(hosts.get("web01"), "b")).toBe("6");
  });

  it("of groups side by side win by ansible_group_priority, then by name; a child wins over its parent whatever the priority", async () => {
    const text = (priority: string): string =>
      `a: { hosts: { h: }, vars: { x: a${priority} } }\nb: { hosts: { h: }, vars: { x: b } }\nparent: { vars: { y: parent, ansible_group_priority: 50 }, children: { child: { hosts: { h: }, vars: { y: child } } } }`;
    expect(winner((await inventoryOf(text(""))).hosts.get("h"), "x")).toBe("b");
    const { hosts } = await inventoryOf(text(", ansible_group_priority: 10"));
    expect(winner(hosts.get("h"), "x")).toBe("a");
    expect(winner(hosts.get("h"), "y")).toBe("child");
  });

  it("in a file of a name that is nearly a group are missed with a warning, others are left alone", async () => {
    const errors = await errorsOf(home, {
      "group_vars/wbe.yml": "a: 1",
      "group_vars/another_site.yml": "a: 1",
      "group_vars/web.json": "{}",
    });
    expect(errors).toEqual([
      "group_vars/wbe.yml belongs to no group | did you mean group_vars/web?",
      "group_vars/web.json is not read | files of variables are YAML: name it .yml",
    ]);
  });
});

describe("an inventory that is wrong", () => {
  it("says what and where, several things at once", async () => {
    const text = `
all:
  host: {}
  children:
    - web
a:
  children:
    b:
      hosts:
        - x
  vars: []
c:
  hosts:
    "w x":
    w[3:1]:
    w[1-3]:
    w:22:
    h: 5
    ok: { my-var: 1 }
  children:
    all:
"d e": {}
`;
    expect(await errorsOf(text)).toEqual([
      '3:3 the group "all" has no "host" | did you mean "hosts"?',
      '5:5 children of the group "all" must be a map, this is a list | end every name with ":" instead of beginning it with "- "',
      '10:9 hosts of the group "b" must be a map, this is a list | end every name with ":" instead of beginning it with "- "',
      '11:9 vars of the group "a" must be a map, this is a list | write name: value',
      '14:5 "w x" cannot be the name of a host | write variables as a map: NAME: { ansible_host: ADDRESS }',
      "15:5 the range [3:1] runs backwards | write the smaller end first",
      "16:5 [1-3] is not a range | write [01:10], [a:f], or [1:9:2] with a step",
      '17:5 "w:22" cannot be the name of a host | write w: { ansible_port: 22 }',
      '18:8 the host "h" must be a map, this is the number 5 | write name: value',
      '19:11 "my-var" cannot be the name of a variable | use letters, digits and "_": my_var',
      '21:5 "all" holds every group, so it can be the child of none | remove it',
      '22:1 "d e" cannot be the name of a group | use letters, digits, "_", "-" and "."',
    ]);
  });

  it("shows a circle of groups", async () => {
    expect(await errorsOf("a: { children: { b: } }\nb: { children: { c: } }\nc: { children: { a: } }\n")).toEqual([
      '3:18 the group "a" is inside itself: a → b → c → a | remove one of these children',
    ]);
  });

  it("in Ansible's INI form is shown as YAML", async () => {
    const [error] = await errorsOf("# mine\n[web]\nweb1 ansible_host=10.0.0.1 ansible_user=root\n\n[web:vars]\nx=1\n", {}, "hosts");
    expect(error).toBe(
      "2:1 this is an inventory in Ansible's INI form; Rempart reads YAML | write it as YAML, for example:\nweb:\n  hosts:\n    web1: { ansible_host: 10.0.0.1, ansible_user: root }",
    );
    expect((await errorsOf("web1\nweb2\n", {}, "hosts"))[0]).toContain("INI form");
  });

  it("may be a script, a plugin, Ansible's vault or a file that is not there", async () => {
    expect((await errorsOf("#!/usr/bin/env python\n"))[0]).toContain("inventory scripts are not run");
    expect((await errorsOf("plugin: aws_ec2\n"))[0]).toContain("inventory plugins are not run");
    expect((await errorsOf("$ANSIBLE_VAULT;1.1;AES256\n3132\n"))[0]).toContain("encrypted with Ansible's vault");
    const { diagnostics } = await loadInventory(["/nowhere/hosts.yml"]);
    expect(linesOf(diagnostics)).toEqual(["there is no inventory /nowhere/hosts.yml | name the file with -i"]);
  });

  it("has wrong files of variables, each told at its place", async () => {
    expect(await errorsOf(home, { "group_vars/web.yml": "- a\n", "host_vars/nas1.yml": "a: 1\na: 2\n" })).toEqual([
      expect.stringContaining("1:1 a file of variables (group_vars/web.yml) must be a map, this is a list"),
      expect.stringMatching(/^2:1 .*"a"/),
    ]);
  });
});
