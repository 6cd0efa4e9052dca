import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { IncludeRoleEntry, IncludeTasksEntry } from "../../src/playbook/model.ts";
import { loadPlaybook } from "../../src/playbook/playbook.ts";
import { loadRole } from "../../src/playbook/role.ts";
import { loadTasks } from "../../src/playbook/tasks.ts";
import { folderOf, linesOf } from "./texts.ts";

function firstEntry(files: Readonly<Record<string, string>>): { dir: string; entry: IncludeTasksEntry | IncludeRoleEntry } {
  const dir = folderOf(files);
  const { playbook, diagnostics } = loadPlaybook(join(dir, "site.yml"));
  const entry = playbook?.plays[0]?.entries[0];
  if (!entry || entry.kind === "task" || entry.kind === "block") throw new Error(linesOf(diagnostics).join("\n"));
  return { dir, entry };
}

describe("include_tasks at its turn", () => {
  it("hands tags, variables and become down, its own condition not", () => {
    const { entry } = firstEntry({
      "site.yml":
        "- hosts: all\n  tasks:\n    - include_tasks: { file: more.yml, apply: { tags: [applied] } }\n      tags: own\n      when: here\n      become: true\n      vars: { a: 1 }\n",
      "more.yml": "- command: uptime\n",
    });
    if (entry.kind !== "include_tasks") throw new Error(entry.kind);
    expect(entry.inherited.when).toHaveLength(1);
    const { entries } = loadTasks("more.yml", entry.handsDown, entry.file.at);
    const inherited = entries?.[0]?.inherited;
    expect(inherited?.when).toEqual([]);
    expect(inherited?.tags).toEqual(["own", "applied"]);
    expect(inherited?.vars).toHaveLength(1);
    expect(inherited?.become).toMatchObject({ value: true });
    expect(inherited?.via).toHaveLength(1);
  });

  it("looks beside the including file, then in the role's tasks/", () => {
    const { dir, entry } = firstEntry({
      "site.yml": "- hosts: all\n  roles: [web]\n",
      "roles/web/tasks/main.yml": "- include_tasks: part/one.yml\n",
      "roles/web/tasks/part/one.yml": "- include_tasks: two.yml\n- include_tasks: top.yml\n",
      "roles/web/tasks/part/two.yml": "- command: two\n",
      "roles/web/tasks/top.yml": "- command: top\n",
    });
    if (entry.kind !== "include_tasks") throw new Error(entry.kind);
    const one = loadTasks("part/one.yml", entry.handsDown, entry.file.at);
    expect(one.entries).toHaveLength(2);
    for (const [i, name] of ["two.yml", "top.yml"].entries()) {
      const inner = one.entries?.[i];
      if (inner?.kind !== "include_tasks") throw new Error(inner?.kind);
      expect(loadTasks(name, inner.handsDown, inner.file.at).diagnostics).toEqual([]);
    }
    expect(dir).not.toBe("");
  });

  it("refuses a circle with the whole chain, and a missing file with where it looked", () => {
    const { dir, entry } = firstEntry({
      "site.yml": "- hosts: all\n  tasks:\n    - include_tasks: a.yml\n",
      "a.yml": "- include_tasks: a.yml\n",
    });
    if (entry.kind !== "include_tasks") throw new Error(entry.kind);
    const inner = loadTasks("a.yml", entry.handsDown, entry.file.at).entries?.[0];
    if (inner?.kind !== "include_tasks") throw new Error(inner?.kind);
    const again = loadTasks("a.yml", inner.handsDown, inner.file.at);
    expect(again.entries).toBeUndefined();
    expect(linesOf(again.diagnostics)[0]).toBe(
      `1:18 this include never ends: ${dir}/a.yml → ${dir}/a.yml | remove one of the includes of this circle`,
    );
    expect(linesOf(loadTasks("b.yml", entry.handsDown, entry.file.at).diagnostics)[0]).toContain(
      '3:22 there is no task file "b.yml" | did you mean "a.yml"?',
    );
  });
});

describe("include_role at its turn", () => {
  const files = {
    "site.yml": "- hosts: all\n  tasks:\n    - include_role: { name: web, tasks_from: other }\n      vars: { port: 90 }\n      tags: t\n",
    "roles/web/tasks/other.yml": "- command: uptime\n",
    "roles/web/handlers/main.yml": "- name: Restart\n  command: x\n",
    "roles/web/defaults/main.yml": "port: 80\n",
    "roles/web/meta/main.yml": "dependencies: [base]\n",
    "roles/base/tasks/main.yml": "- command: base\n",
  };

  it("brings in dependencies, tasks, handlers and defaults, with its vars as parameters", () => {
    const { dir, entry } = firstEntry(files);
    if (entry.kind !== "include_role") throw new Error(entry.kind);
    const { role, entries, diagnostics } = loadRole("web", entry.handsDown, entry.role.at, dir, "other");
    expect(diagnostics).toEqual([]);
    expect(entries?.map((e) => e.inherited.role?.name)).toEqual(["base", "web"]);
    expect(entries?.[1]?.inherited.roleParams?.entries.map((e) => e.key.text)).toEqual(["port"]);
    expect(entries?.[0]?.inherited.outerRoles?.map((o) => o.role.name)).toEqual(["web"]);
    expect(entries?.[1]?.inherited.tags).toEqual(["t"]);
    expect(role?.handlers.map((h) => h.name)).toEqual(["Restart"]);
    expect(role?.defaults?.entries[0]?.key.text).toBe("port");
  });

  it("refuses a role that includes itself", () => {
    const { dir, entry } = firstEntry({
      "site.yml": "- hosts: all\n  tasks:\n    - include_role: { name: web }\n",
      "roles/web/tasks/main.yml": "- include_role: { name: web }\n",
    });
    if (entry.kind !== "include_role") throw new Error(entry.kind);
    const inner = loadRole("web", entry.handsDown, entry.role.at, dir).entries?.[0];
    if (inner?.kind !== "include_role") throw new Error(inner?.kind);
    expect(linesOf(loadRole("web", inner.handsDown, inner.role.at, dir).diagnostics)[0]).toContain("this include never ends");
  });
});

describe("a role in a play", () => {
  it("runs once however often a plain use of it stands there, and again with other parameters", () => {
    const dir = folderOf({
      "site.yml": "- hosts: all\n  roles: [web, web, { role: web, port: 1 }]\n",
      "roles/web/tasks/main.yml": "- command: uptime\n",
    });
    expect(loadPlaybook(join(dir, "site.yml")).playbook?.plays[0]?.entries).toHaveLength(2);
  });

  it("is found one folder above the playbook, and its handlers are read once", () => {
    const dir = folderOf({
      "playbooks/site.yml": "- hosts: all\n  roles: [web, { role: web, port: 1 }]\n",
      "roles/web/handlers/main.yml": "- name: Restart\n  command: x\n",
    });
    expect(loadPlaybook(join(dir, "playbooks/site.yml")).playbook?.plays[0]?.roles[0]?.handlers).toHaveLength(1);
  });
});
