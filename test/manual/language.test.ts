import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect, it } from "vitest";
import { withProgram } from "../engine/twin/playworld.ts";

const page = readFileSync(resolve(import.meta.dirname, "../../docs/language.md"), "utf8");
const examples = [...page.matchAll(/```yaml\n(.*?)```/gs)].map((m) => m[1] ?? "");

it("has examples", () => expect(examples.length).toBeGreaterThan(2));

it.each(examples)("the page of the language shows what is taken: %s", async (text) => {
  process.env.LOAD_TOKEN = "a token for tests";
  const inventory = "all:\n  children:\n    web:\n      hosts:\n        one: {}\n  hosts:\n    balancer: {}\n";
  const tasks = await withProgram({ "site.yml": text }, inventory, async (compiled) => (await compiled()).plays.flatMap((p) => p.tasks));
  expect(tasks.length).toBeGreaterThan(0);
});
