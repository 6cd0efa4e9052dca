import { describe, expect, it } from "vitest";
import { differences } from "../../src/kernel/difference.ts";
import { Secret } from "../../src/kernel/value.ts";

const told = (before: unknown, after: unknown): readonly string[] =>
  differences("", before, after).map((f) => `${f.name}: ${JSON.stringify(f.before)} -> ${JSON.stringify(f.after)}`);

describe("the difference of two objects of an API", () => {
  it("is told field by field, whatever the order of the keys", () => {
    const before = { type: "A", content: "192.0.2.1", settings: { ttl: 1, flatten: true } };
    const after = { settings: { flatten: true, ttl: 300 }, content: "192.0.2.1", type: "A" };
    expect(told(before, after)).toEqual(["settings.ttl: 1 -> 300"]);
    expect(told(before, before)).toEqual([]);
  });

  it("has every field of what is made or removed", () => {
    expect(told(undefined, { type: "A", ttl: 1 })).toEqual(["ttl: undefined -> 1", 'type: undefined -> "A"']);
    expect(told({ type: "A" }, null)).toEqual(['type: "A" -> undefined']);
  });

  it("finds the entries of a list by their own name, so that one more at the front is one difference", () => {
    const rule = (ref: string, action: string) => ({ ref, action });
    expect(told({ rules: [rule("b", "block")] }, { rules: [rule("a", "skip"), rule("b", "log")] })).toEqual([
      'rules[b].action: "block" -> "log"',
      'rules[a].action: undefined -> "skip"',
      'rules[a].ref: undefined -> "a"',
    ]);
    expect(told({ hops: [{ ip: "a" }] }, { hops: [{ ip: "b" }] })).toEqual(['hops[0].ip: "a" -> "b"']);
  });

  it("takes lists of words as a whole", () => {
    expect(told({ groups: ["a"] }, { groups: ["a", "b"] })).toEqual(['groups: ["a"] -> ["a","b"]']);
  });

  it("tells two secrets apart without showing them", () => {
    expect(differences("", { token: new Secret("old token") }, { token: new Secret("old token") })).toEqual([]);
    expect(told({ token: new Secret("old token") }, { token: new Secret("new token") })).toEqual(['token: "********" -> "********"']);
  });
});
