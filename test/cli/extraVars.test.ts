import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { extraVars } from "../../src/cli/extraVars.ts";
import { Refused } from "../../src/kernel/diagnostic.ts";
import type { MapNode, Node } from "../../src/kernel/node.ts";

function plain(node: Node): unknown {
  if (node.kind === "scalar") return node.value;
  return node.kind === "seq" ? node.items.map(plain) : object(node);
}

function object(map: MapNode): Record<string, unknown> {
  return Object.fromEntries(map.entries.map((e) => [e.key.text, plain(e.value)]));
}

async function refused(text: string): Promise<Refused> {
  try {
    await extraVars(text);
  } catch (error) {
    if (error instanceof Refused) return error;
    throw error;
  }
  throw new Error("it was taken");
}

describe("-e", () => {
  it("takes key=value words, quoted as in a shell; the values are texts", async () => {
    expect(object((await extraVars(`port=80 name="two words" empty= other='a b'c`)).vars)).toEqual({
      port: "80",
      name: "two words",
      empty: "",
      other: "a bc",
    });
  });

  it("takes a JSON or YAML map with types", async () => {
    expect(object((await extraVars('{"port": 80, "list": [1, true]}')).vars)).toEqual({ port: 80, list: [1, true] });
    expect(object((await extraVars("port: 80")).vars)).toEqual({ port: 80 });
  });

  it("takes a file", async () => {
    const file = join(mkdtempSync(join(tmpdir(), "rempart-")), "vars.yml");
    writeFileSync(file, "port: 80\n");
    const { origin, vars } = await extraVars(`@${file}`);
    expect(object(vars)).toEqual({ port: 80 });
    expect(origin).toBe(`-e @${file}`);
  });

  it("points at the word that is no NAME=VALUE", async () => {
    const [diagnostic] = (await refused("good=1 bad")).diagnostics;
    expect(diagnostic).toMatchObject({ message: '"bad" is not NAME=VALUE', at: { start: 7, end: 10 } });
  });

  it("refuses a list and a missing file", async () => {
    expect((await refused("[1, 2]")).message).toContain("must be a map");
    await expect(refused("@/nonexistent/vars.yml")).resolves.toBeInstanceOf(Refused);
  });
});
