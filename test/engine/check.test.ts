import { describe, expect, it } from "vitest";
import type { TaskEvent } from "../../src/kernel/event.ts";
import { NoAnswer } from "../../src/kernel/fact.ts";
import { modules } from "../../src/modules/index.ts";
import { BareStandIn, only } from "./bare-stand-in.ts";
import { drive } from "./drive.ts";

async function events(tasks: string, there: Readonly<Record<string, unknown>>, more: string): Promise<readonly TaskEvent[]> {
  const playbook = `- hosts: all\n  gather_facts: false\n  tasks:\n${tasks.replace(/^(?=.)/gm, "    ")}${more}`;
  const host = new BareStandIn(there);
  const { tasks: told, errors } = await drive(playbook, { a: undefined }, { check: true, modules, connect: only(host) });
  expect(errors).toEqual([]);
  return told;
}

async function messages(tasks: string): Promise<readonly (string | undefined)[]> {
  return (await events(tasks, {}, "")).map((t) => t.message);
}

/** `status task`, with the task that a maybe waits for. */
async function check(tasks: string, there: Readonly<Record<string, unknown>> = {}, more = ""): Promise<readonly string[]> {
  return (await events(tasks, there, more)).map((t) => `${t.status} ${t.task}${t.waitsFor === undefined ? "" : ` < ${t.waitsFor}`}`);
}

const file = (content: string) => ({
  type: "file",
  mode: "0644",
  uid: 0,
  gid: 0,
  owner: "root",
  group: "root",
  size: content.length,
  content,
});
const group = { present: true, gid: 5, members: [] };
const user = { present: true, uid: 5, group: "x", groups: [], comment: "", home: "/x", shell: "/bin/sh", homeExists: true, password: null };
const make = "- { name: make, command: { cmd: make it, creates: /srv/made } }\n";
const install = "- { name: install, apt: { name: tool } }\n";

describe("a check, behind a command that creates a path", () => {
  it("knows that the path is there, and nothing else of it", async () => {
    const tasks = `${make}- { name: look, stat: { path: /srv/made }, register: r }
- { name: since it is there, file: { path: /srv/a, state: directory }, when: r.stat.exists }
- { name: since it is not, file: { path: /srv/b, state: directory }, when: "!r.stat.exists" }
- { name: by its mode, file: { path: /srv/c, state: directory }, when: r.stat.mode == "0600" }
- { name: again, command: { cmd: make it, creates: /srv/made } }
- { name: its mode, file: { path: /srv/made, mode: "0600" } }
- { name: gone, file: { path: /srv/made, state: absent } }
- { name: made anew, command: { cmd: make it, creates: /srv/made } }
`;
    expect(await check(tasks)).toEqual([
      "changed make",
      "ok look",
      "changed since it is there",
      "skipped since it is not",
      "maybe by its mode < make",
      "ok again",
      "maybe its mode < make",
      "changed gone",
      "changed made anew",
    ]);
  });

  it("knows that the path of removes is gone", async () => {
    const tasks =
      "- { name: take, command: { cmd: rm it, removes: /srv/a } }\n- { name: again, command: { cmd: rm it, removes: /srv/a } }\n";
    expect(await check(tasks, { "path /srv/a": file("x") })).toEqual(["changed take", "ok again"]);
  });
});

describe("a check, behind a step whose effects cannot be told", () => {
  it("does not count on what is not there", async () => {
    const tasks = `${install}- { name: not there, file: { path: /srv/a, state: absent } }
- { name: look, stat: { path: /srv/a } }
- { name: no group, group: { name: tools, state: absent } }
- { name: no package, apt: { name: other, state: absent } }
`;
    const maybes = ["not there", "look", "no group", "no package"];
    expect(await check(tasks)).toEqual([
      "changed install",
      ...maybes.map((m, i) => `maybe ${m} < ${["install", "not there", "not there", "no group"][i]}`),
    ]);
  });

  it("counts on what is there and right", async () => {
    const tasks = `${install}- { name: right, file: { path: /srv/a, mode: "0644" } }
- { name: there, group: { name: tools } }
`;
    expect(await check(tasks, { "path /srv/a": file("x"), "group tools": group })).toEqual(["changed install", "ok right", "ok there"]);
  });

  it("foretells what will be done once it has brought what is missing", async () => {
    const tasks = `${install}- { name: into its folder, copy: { dest: /etc/tool/conf, content: x } }
- { name: its group, user: { name: media, groups: [tool] } }
- { name: its user's file, copy: { dest: /srv/a, content: x, owner: tool } }
`;
    const left = ["changed into its folder", "changed its group", "changed its user's file"];
    expect(await check(tasks)).toEqual(["changed install", ...left]);
  });

  it("says what is in the way where that does not help", async () => {
    const tasks = `${install}- { name: edit, lineinfile: { path: /etc/tool.conf, line: x } }\n`;
    expect(await check(tasks)).toEqual(["changed install", "maybe edit < install"]);
    expect(await messages(tasks)).toEqual([undefined, "/etc/tool.conf is not there: write create: true to make it"]);
  });

  it("fails where nothing can bring what is missing", async () => {
    expect(await check("- { name: into a folder, copy: { dest: /etc/tool/conf, content: x } }\n")).toEqual(["failed into a folder"]);
  });
});

describe("a check of the user's own question", () => {
  const asked = (rc: number) => ({ "probe test x": { rc, stdout: "said", stderr: "" } });
  const unless = "- { name: run, command: { cmd: run it, unless: test x } }\n";
  const reads = `- { name: ask, command: { cmd: test x, reads: true }, register: r }\n- { name: use, file: { path: /srv/a, state: directory }, when: r.stdout == "said" }\n`;
  const write = "- { name: write, copy: { dest: /srv/conf, content: x } }\n";

  it("believes the answer while nothing is planned", async () => {
    expect(await check(unless, asked(0))).toEqual(["ok run"]);
    expect(await check(reads, asked(0))).toEqual(["ok ask", "changed use"]);
  });

  it("does not believe behind a planned step that there is nothing to do", async () => {
    expect(await check(write + unless, asked(0))).toEqual(["changed write", "maybe run < write"]);
    expect(await check(write + unless, asked(1))).toEqual(["changed write", "changed run"]);
    expect(await check(write + reads, asked(0))).toEqual(["changed write", "maybe ask < write", "maybe use < ask"]);
  });
});

describe("a check, behind a folder that is removed", () => {
  it("knows that what is in it goes with it", async () => {
    const folder = { ...file(""), type: "directory", mode: "0755" };
    const tasks =
      "- { name: remove, file: { path: /srv/app, state: absent } }\n- { name: inside, file: { path: /srv/app/data, state: directory } }\n";
    expect(await check(tasks, { "path /srv/app": folder, "path /srv/app/data": folder })).toEqual(["changed remove", "changed inside"]);
  });
});

describe("a check of things that hang on files", () => {
  const unit = {
    id: "app.service",
    load: "loaded",
    active: "active",
    sub: "running",
    enabled: "enabled",
    stale: false,
    invocation: "1",
    file: "/etc/systemd/system/app.service",
    oneshot: false,
  };

  it("doubts what systemd has read when a unit file is to be written", async () => {
    const tasks = `- { name: write, copy: { dest: /etc/systemd/system/app.service, content: x } }
- { name: runs, systemd: { name: app, state: started } }
- { name: reload, systemd: { daemon_reload: true } }
`;
    expect(await check(tasks, { "unit app.service": unit })).toEqual(["changed write", "ok runs", "maybe reload < write"]);
  });

  it("doubts a compose project whose file is to be written", async () => {
    const container = { service: "web", hash: "1", state: "running", exitCode: 0, health: "none", restart: "no", startedAt: "", image: "" };
    const project = { present: true, error: "", services: { web: "1" }, images: {}, containers: [container] };
    const tasks = `- { name: write, copy: { dest: /srv/compose.yml, content: x } }
- { name: up, docker_compose: { project_src: /srv } }
`;
    expect(await check(tasks, { "compose_project /srv": project })).toEqual(["changed write", "maybe up < write"]);
    expect(await check(tasks.split("\n").slice(1).join("\n"), { "compose_project /srv": project })).toEqual(["ok up"]);
  });
});

describe("a check of accounts that are planned", () => {
  it("compares a planned owner by name, and knows a planned group", async () => {
    const tasks = `- { name: group, group: { name: media } }
- { name: user, user: { name: media, group: media } }
- { name: theirs, file: { path: /srv/a, state: directory, owner: media, group: media, mode: "0750" } }
- { name: the same, file: { path: /srv/a, state: directory, owner: media, group: media, mode: "0750" } }
- { name: the group again, group: { name: media } }
- { name: below home, file: { path: /home/media/x, state: directory, owner: media, group: media, mode: "0750" } }
`;
    const expected = ["changed group", "changed user", "changed theirs", "ok the same", "ok the group again", "changed below home"];
    expect(await check(tasks)).toEqual(expected);
  });

  it("foretells the keys of a planned user", async () => {
    const key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJDUi0Wv8yEAD05tQbHdhb1qmDzFxF8b7ktPp4Eq2Ejk ada";
    const tasks = `- { name: user, user: { name: ada } }\n- { name: key, authorized_key: { user: ada, key: ${key} } }\n`;
    expect(await check(tasks + tasks)).toEqual(["changed user", "changed key", "ok user", "ok key"]);
  });

  it("is refused, as the run is, where no program can make them", async () => {
    const none = { "program groupadd": { there: false }, "program useradd": { there: false } };
    expect(await check("- { name: group, group: { name: media } }\n", none)).toEqual(["failed group"]);
    expect(await check("- { name: user, user: { name: media } }\n", none)).toEqual(["failed user"]);
    expect(await check("- { name: user, user: { name: media } }\n", { ...none, "user media": user })).toEqual(["ok user"]);
    expect(await check(`${install}- { name: group, group: { name: media } }\n`, none)).toEqual(["changed install", "changed group"]);
  });
});

describe("a check of packages and services", () => {
  it("knows a planned package and a planned service", async () => {
    const tasks = `${install}- { name: the same, apt: { name: tool } }
- { name: the newest, apt: { name: tool, state: latest } }
- { name: run it, systemd: { name: tool, state: started, enabled: true } }
- { name: still, systemd: { name: tool, state: started } }
- { name: anew, systemd: { name: tool, state: restarted } }
`;
    expect(await check(tasks)).toEqual(["changed install", "ok the same", "ok the newest", "changed run it", "ok still", "changed anew"]);
  });

  it("knows a planned network", async () => {
    const network = "docker_network: { name: media, subnet: 172.30.0.0/24 }";
    expect(await check(`- { name: one, ${network} }\n- { name: two, ${network} }\n`)).toEqual(["changed one", "ok two"]);
    const missing = { "docker_network media": new NoAnswer("Docker is not installed on this host") };
    expect(await check(`${install}- { name: one, ${network} }\n`, missing)).toEqual(["changed install", "changed one"]);
  });
});

describe("a check of handlers", () => {
  const handlers = "  handlers:\n    - { name: again, command: { cmd: again, always: it was changed } }\n";

  it("calls a handler maybe when only a maybe notifies it", async () => {
    const maybe = '- { name: perhaps, file: { path: /srv/made, mode: "0600" }, notify: again }\n';
    const sure = "- { name: surely, file: { path: /srv/x, state: directory }, notify: again }\n";
    expect(await check(make + maybe, {}, handlers)).toEqual(["changed make", "maybe perhaps < make", "maybe again < perhaps"]);
    const both = ["changed make", "maybe perhaps < make", "changed surely", "changed again"];
    expect(await check(make + maybe + sure, {}, handlers)).toEqual(both);
  });
});

describe("a check of several plays", () => {
  it("lets the second play know what the first would do", async () => {
    const second =
      "- hosts: all\n  gather_facts: false\n  tasks:\n    - { name: inside, copy: { dest: /srv/app/conf, content: x } }\n    - { name: the same, file: { path: /srv/app, state: directory } }\n";
    const tasks = "- { name: folder, file: { path: /srv/app, state: directory } }\n";
    expect(await check(tasks, {}, second)).toEqual(["changed folder", "changed inside", "ok the same"]);
  });
});

describe("a check, at a question that says which files it looks at", () => {
  const edit = "- { name: edit, copy: { dest: /etc/a, content: new } }\n";
  const answer = { rc: 0, stdout: "", stderr: "" };
  const there = { "path /etc/a": file("old"), "path /etc/b": file("same"), "probe tool list": answer };
  const question = (looksAt: string): string =>
    `${edit}- { name: ask, command: { cmd: tool list, reads: true${looksAt} }, register: r }
- { name: by its answer, copy: { dest: /etc/b, content: other }, when: r.rc == 0 }
`;

  it("believes its answer behind a change of another file", async () => {
    expect(await check(question(", looks_at: [/etc/b, /etc/tool]"), there)).toEqual(["changed edit", "ok ask", "changed by its answer"]);
    expect(await check(question(", looks_at: []"), there)).toEqual(["changed edit", "ok ask", "changed by its answer"]);
  });

  it.each([
    ["", "it may look at everything"],
    [", looks_at: [/etc/a]", "the file itself"],
    [", looks_at: [/etc]", "a folder that holds it"],
    [", looks_at: [/etc/a/b]", "a path that would be in it"],
  ])("doubts it (%s): %s", async (looksAt) => {
    expect(await check(question(looksAt), there)).toEqual(["changed edit", "maybe ask < edit", "maybe by its answer < ask"]);
  });

  it("doubts it behind a step whose effects nobody can tell", async () => {
    expect(await check(`${make}- { name: ask, command: { cmd: tool list, reads: true, looks_at: [] } }\n`)).toEqual([
      "changed make",
      "maybe ask < make",
    ]);
  });

  it("doubts it behind a planned step that is no file", async () => {
    expect(await check(`${install}- { name: ask, command: { cmd: tool list, reads: true, looks_at: [] } }\n`)).toEqual([
      "changed install",
      "maybe ask < install",
    ]);
  });
});
