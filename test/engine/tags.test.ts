import { describe, expect, it } from "vitest";
import { drive } from "./drive.ts";
import { FakeHost } from "./fakehost.ts";

const playbook = `
- hosts: all
  tags: [web]
  tasks:
    - { name: converge, shout: { cell: a, text: x } }
    - name: upgrade the lot
      tags: [upgrade, never]
      block:
        - { name: fetch, shout: { cell: b, text: x } }
        - { name: restart, shout: { cell: c, text: x }, tags: [restart] }
    - { name: by name only, shout: { cell: d, text: x }, tags: [never] }
    - { name: always, shout: { cell: e, text: x }, tags: [always] }
`;

const run = async (tags?: readonly string[], skipTags?: readonly string[]): Promise<readonly string[]> =>
  (await drive(playbook, { h: new FakeHost() }, { ...(tags && { tags }), ...(skipTags && { skipTags }) })).tasks.map((t) => t.task);

describe("a task that is tagged never", () => {
  it("is left out without tags, and with all", async () => {
    expect(await run()).toEqual(["converge", "always"]);
    expect(await run(["all"])).toEqual(["converge", "always"]);
  });

  it("is not woken by a tag of what it stands in", async () => {
    expect(await run(["web"])).toEqual(["converge", "always"]);
  });

  it("is woken by a tag beside never, and by one further in", async () => {
    expect(await run(["upgrade"])).toEqual(["fetch", "restart", "always"]);
    expect(await run(["restart"])).toEqual(["restart", "always"]);
  });

  it("is woken by never itself", async () => {
    expect(await run(["never"])).toEqual(["fetch", "restart", "by name only", "always"]);
  });

  it("is left out when one of its tags is to be skipped", async () => {
    expect(await run(["upgrade"], ["web"])).toEqual([]);
  });
});
