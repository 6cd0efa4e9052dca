import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { path, withContent } from "../../src/facts/path.ts";
import { digestLimit, type PathKey } from "../../src/facts/path-key.ts";
import type { Expectation } from "../../src/kernel/target.ts";
import { chainOf } from "../../src/transport/blocks.ts";

const base = { type: "file", mode: "0644", uid: 0, gid: 0, owner: "root", group: "root" } as const;

function expecting(key: PathKey, content: string | undefined, size = content?.length ?? 0): Expectation {
  const question = path(key);
  const text = path.fact.write?.(key, { ...base, size, ...(content !== undefined && withContent(content)) });
  if (text === undefined) throw new Error("cannot be written");
  return { question, text };
}

const guardOf = (expectation: Expectation): Expectation | undefined =>
  chainOf([{ guard: [expectation], steps: [], verify: [] }]).blocks[0]?.holds[0]?.expectation;

const digest = createHash("sha256").update("hello\n").digest("hex");

test.each<[string, PathKey]>([
  ["was read", { path: "/x", want: "content" }],
  ["differs from the wanted one", { path: "/x", want: { size: 4, sha256: "0".repeat(64) } }],
  ["is as long as the wanted one", { path: "/x", want: { size: 6, sha256: "0".repeat(64) } }],
])("a guard of a content that %s asks for its digest, not for the content", (_what, key) => {
  const guard = guardOf(expecting(key, "hello\n"));
  expect(guard?.question.key).toEqual({ path: "/x", want: "digest" });
  expect(String(guard?.text)).toBe(`f 6 0644 0 0 root root ${digest} -\n`);
});

test("a guard of which no content is known stays as it is", () => {
  for (const expectation of [
    expecting({ path: "/x" }, "hello\n"),
    expecting({ path: "/x", want: { size: 4, sha256: digest } }, undefined, digestLimit + 1),
    { question: path({ path: "/x", want: "content" }), text: "-\n" },
  ])
    expect(guardOf(expectation)).toEqual(expectation);
});
