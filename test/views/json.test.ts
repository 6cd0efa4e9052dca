import { describe, expect, it } from "vitest";
import { z } from "zod";
import type { Event } from "../../src/kernel/event.ts";
import { jsonView } from "../../src/views/json.ts";
import { jsonEvents } from "../../src/views/json-schema.ts";
import { paper, task, wholeRun } from "./events.ts";

const schema = z.discriminatedUnion("event", jsonEvents);

function print(events: readonly Event[]): unknown[] {
  const p = paper();
  const view = jsonView(p);
  for (const e of events) view.listen(e);
  return p
    .text()
    .trimEnd()
    .split("\n")
    .map((line): unknown => JSON.parse(line));
}

describe("the json view", () => {
  it("prints one event per line, each as the documented schema says", () => {
    const lines = print(wholeRun);
    expect(lines).toHaveLength(wholeRun.length);
    for (const line of lines) expect(() => schema.parse(line)).not.toThrow();
  });

  it("has every kind of event in its schema", () => {
    const kinds = new Set(jsonEvents.map((e) => e.shape.event.value));
    expect(new Set(wholeRun.map((e) => e.event))).toEqual(kinds);
  });

  it("has changes with their fields and diffs, as the documented schema says", () => {
    const changes = [
      {
        subject: "file /etc/token",
        fields: [
          { name: "content", before: "#3fa2c1", after: "#91bc07", secret: true as const },
          { name: "run", before: "", after: "sync", action: true as const },
        ],
        diff: "(secret: the content of /etc/token is not shown)\n",
        asked: true as const,
      },
    ];
    const [line] = print([task({ status: "changed", changes })]);
    expect(schema.parse(line)).toMatchObject({ changes });
    expect(() => schema.parse({ ...task({}), changes: [{ subject: "x", fields: [{ name: "mode", before: "0600" }] }] })).toThrow();
  });

  it("keeps line breaks of a value inside its line", () => {
    expect(print([task({ message: "two\nlines" })])).toHaveLength(1);
  });

  it("prints a diagnostic with its place and without the source", () => {
    const source = { path: "site.yml", text: "a: 1\nb: top-secret\n" };
    const at = { source, start: 8, end: 18 };
    const [line] = print([{ event: "diagnostic", diagnostic: { severity: "error", message: "no", help: "yes", at, via: [at] } }]);
    expect(line).toEqual({
      event: "diagnostic",
      severity: "error",
      message: "no",
      help: "yes",
      file: "site.yml",
      line: 2,
      column: 4,
      via: ["site.yml:2:4"],
    });
  });
});
