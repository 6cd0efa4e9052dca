import { describe, expect, it } from "vitest";
import { drive } from "./drive.ts";
import { FakeHost } from "./fakehost.ts";

const play = (body: string): string => `- hosts: all\n  gather_facts: false\n${body.replace(/^(?=.)/gm, "  ")}`;

describe("a guarded block is read", () => {
  const read = async (guard: string, tasks = "{ name: one, put: { cell: a, text: x } }"): Promise<readonly string[]> =>
    (await drive(play(`tasks:\n  - guard: ${guard}\n    block:\n      - ${tasks}\n`), { a: new FakeHost() }, { check: true })).errors;

  it.each(["{ within: 90s }", "{ within: 2m }", "{ within: 90 }", "{ within: 30s, port: 2222 }", '{ within: 15m, port: "{{ 2000 }}" }'])(
    "with %s",
    async (guard) => expect(await read(guard)).toEqual([]),
  );

  it.each([
    ["90s", '4:14 guard must be a map, this is the text "90s" | write guard: { within: 90s }'],
    ["{ withn: 90s }", '4:16 guard does not know "withn" | did you mean "within"?'],
    ["{}", "4:14 guard does not say how soon the host must be seen to be reachable | write guard: { within: 90s }"],
    ["{ within: soon }", '4:24 within must be a time, this is the text "soon" | write seconds or minutes: within: 90s, or 2m'],
    ["{ within: 5s }", "4:24 within is 5s: it must be from 30s to 15m"],
    ["{ within: 1h }", '4:24 within must be a time, this is the text "1h" | write seconds or minutes: within: 90s, or 2m'],
    ["{ within: 90s, port: ssh }", '4:35 port must be a number from 1 to 65535, this is the text "ssh"'],
  ])("but not with %s", async (guard, error) => expect(await read(guard)).toEqual([error]));

  it("but not in another, nor around a meta task that leaves it", async () => {
    expect(await read("{ within: 90s }", "{ guard: { within: 60s }, block: [] }")).toEqual([
      "6:20 a guarded block cannot stand in another | the outer guard covers it: remove this one",
    ]);
    expect(await read("{ within: 90s }", "meta: end_host")).toEqual([
      '6:17 "meta: end_host" cannot leave a guarded block: what the block did would be undone | put it behind the block',
    ]);
  });
});
