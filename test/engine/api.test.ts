import { describe, expect, it } from "vitest";
import { ApiTarget } from "../../src/transport/api-target.ts";
import { note, StandInApi } from "./api-stand-in.ts";
import { type Driven, drive } from "./drive.ts";
import { put } from "./fakehost.ts";

const play = (tasks: string): string => `
- hosts: all
  vars: { ansible_connection: cloudflare }
  tasks:
${tasks}`;

const three = play(`
    - note: { name: a, text: one }
    - note: { name: b, text: two }
    - note: { name: c, text: three }`);

function run(api: StandInApi, playbook: string, options: { readonly check?: boolean; readonly lookahead?: boolean } = {}): Promise<Driven> {
  const connect = async () => new ApiTarget("cloudflare", api);
  return drive(playbook, { zone: undefined }, { ...options, connect, modules: [note, put] });
}

describe("a host that is an API", () => {
  it("is read by one request for many facts, and is not written to when nothing is to be done", async () => {
    const api = new StandInApi();
    expect((await run(api, three)).lines).toEqual(["zone changed note", "zone changed note", "zone changed note"]);
    expect(api.notes).toEqual(
      new Map([
        ["a", "one"],
        ["b", "two"],
        ["c", "three"],
      ]),
    );
    api.sent.length = 0;
    expect((await run(api, three)).lines).toEqual(["zone ok note", "zone ok note", "zone ok note"]);
    expect(api.sent).toEqual(["GET /notes"]);
  });

  it("is asked again before every write, whose guards see what moved meanwhile", async () => {
    const api = new StandInApi();
    api.beforeWrite = () => {
      api.notes.set("c", "three");
      api.beforeWrite = () => {};
    };
    expect((await run(api, three)).lines).toEqual(["zone changed note", "zone changed note", "zone ok note"]);
    expect(api.sent.filter((r) => r.startsWith("PUT"))).toEqual(["PUT /notes/a", "PUT /notes/b"]);
  });

  it("gives the same events task by task", async () => {
    const [chain, plain] = [await run(new StandInApi(), three), await run(new StandInApi(), three, { lookahead: false })];
    expect(plain.lines).toEqual(chain.lines);
  });

  it("is only read in check mode", async () => {
    const api = new StandInApi();
    expect((await run(api, three, { check: true })).lines).toEqual(["zone changed note", "zone changed note", "zone changed note"]);
    expect(api.sent).toEqual(["GET /notes"]);
  });

  it("fails the task whose request it refuses, and stops the host there", async () => {
    const api = new StandInApi();
    api.trouble = { at: "PUT /notes/b", as: "refused" };
    const { tasks } = await run(api, three);
    expect(tasks.map((t) => t.status)).toEqual(["changed", "failed"]);
    expect(tasks[1]?.message).toContain("PUT /notes/b: not allowed");
  });

  it("fails only the task that looks at what may not be read", async () => {
    const api = new StandInApi();
    api.trouble = { at: "GET", as: "refused" };
    const { tasks } = await run(api, play("    - note: { name: a, text: one }"));
    expect(tasks[0]).toMatchObject({ status: "failed" });
    expect(tasks[0]?.message).toContain("GET /notes: not allowed");
  });

  it("is out of the run when it gives no answer, and the next run ends the work", async () => {
    const api = new StandInApi();
    api.trouble = { at: "PUT /notes/b", as: "gone" };
    const { summary, events } = await run(api, three);
    expect(summary).toMatchObject({ unreachable: true });
    expect(events.find((e) => e.event === "host")).toMatchObject({ status: "unreachable" });
    expect((await run(api, three)).lines).toEqual(["zone ok note", "zone changed note", "zone changed note"]);
  });
});

describe("a task that its host cannot answer", () => {
  it("is an error before anything is connected: a question to a machine on an API", async () => {
    const { errors } = await run(new StandInApi(), play("    - put: { cell: a, text: b }"));
    expect(errors).toEqual([
      "5:7 put works on a host with a shell; zone is an API (cloudflare) | run it on another host, or on this machine: hosts: localhost with ansible_connection local",
    ]);
  });

  it("is none in a handler that no task of the host can notify, and one in a handler that another one notifies", async () => {
    const handlers = (notify: string): string => `
  handlers:
    - { name: first, note: { name: h, text: x }${notify} }
    - { name: second, put: { cell: a, text: b } }`;
    const tasks = "    - { note: { name: a, text: one }, notify: first }";
    expect((await run(new StandInApi(), play(tasks) + handlers(""))).errors).toEqual([]);
    expect((await run(new StandInApi(), play(tasks) + handlers(", notify: second"))).errors).toEqual([
      expect.stringMatching(/put works on a host with a shell/),
    ]);
  });

  it("is an error before anything is connected: a question to an API on a machine", async () => {
    const { errors } = await drive("- hosts: all\n  tasks:\n    - note: { name: a, text: b }\n", { web: undefined }, { modules: [note] });
    expect(errors).toEqual([
      "3:7 note works on a host with ansible_connection cloudflare; web has ssh | give the play the host that stands for the API",
    ]);
  });
});
