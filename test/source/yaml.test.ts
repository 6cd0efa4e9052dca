import { describe, expect, it } from "vitest";
import type { Diagnostic } from "../../src/kernel/diagnostic.ts";
import { entry, type Node } from "../../src/kernel/node.ts";
import { placeOf } from "../../src/kernel/span.ts";
import { parseYaml } from "../../src/source/yaml.ts";

const parse = (text: string, secret = false) => parseYaml({ path: "f.yml", text, ...(secret && { secret: true as const }) });

/** `line:column [the text under the caret] message -- help`. */
function told({ at, message, help }: Diagnostic): string {
  if (!at) return message;
  const { line, column } = placeOf(at);
  return `${line}:${column} [${at.source.text.slice(at.start, at.end)}] ${message} -- ${help ?? ""}`;
}

function plain(node: Node | undefined): unknown {
  if (node === undefined) return undefined;
  if (node.kind === "scalar") return node.value;
  if (node.kind === "seq") return node.items.map(plain);
  return Object.fromEntries(node.entries.map((e) => [e.key.text, plain(e.value)]));
}

describe("parseYaml", () => {
  it.each(["", "# a comment\n", "---\n", "---\n# only\n"])("finds nothing in the empty document %j", (text) => {
    expect(parse(text)).toEqual({ diagnostics: [] });
  });

  it("reads the core schema of YAML 1.2: yes and on are texts", () => {
    expect(plain(parse("a: yes\nb: true\nc: 1\nd: 1.5\ne: ~\nf:\ng: [on, 'x']\n").node)).toEqual({
      a: "yes",
      b: true,
      c: 1,
      d: 1.5,
      e: null,
      f: null,
      g: ["on", "x"],
    });
  });

  it("keeps a number as text where digits would be lost", () => {
    expect(plain(parse("mode: 0644\nid: 12345678901234567890\n").node)).toEqual({ mode: "0644", id: "12345678901234567890" });
  });

  it("gives a scalar its source text and the span of exactly its characters", () => {
    const text = 'a: "x y"\nb: |\n  one\n  two\n';
    const { node } = parse(text);
    const a = node?.kind === "map" ? entry(node, "a")?.value : undefined;
    const b = node?.kind === "map" ? entry(node, "b")?.value : undefined;
    expect(a).toMatchObject({ text: "x y", quoted: true });
    expect(text.slice(a?.at.start, a?.at.end)).toBe('"x y"');
    expect(b).toMatchObject({ value: "one\ntwo\n" });
    expect(text.slice(b?.at.start, b?.at.end)).toBe("|\n  one\n  two\n");
  });

  it("resolves aliases to the node of their anchor", () => {
    expect(plain(parse("a: &x [1, 2]\nb: *x\n").node)).toEqual({ a: [1, 2], b: [1, 2] });
  });

  it("reads !raw and !cel as tags of a text", () => {
    const { node } = parse("- !raw 12\n- !cel a + b\n");
    expect(node).toMatchObject({
      items: [
        { tag: "!raw", value: "12" },
        { tag: "!cel", value: "a + b" },
      ],
    });
  });

  it.each([
    ["a: 1\na: 2\n", '2:1 [a] the key "a" stands twice in this map -- the first one is on line 1; remove one'],
    ["a: !foo x\n", '1:4 [!foo] unknown tag "!foo": the tags are !raw and !cel -- quote it if it is text: "!foo x"'],
    ["when: !ready\n", '1:7 [!ready] unknown tag "!ready": the tags are !raw and !cel -- quote it if it is text: "!ready"'],
    [
      "a: !vault |\n  x\n",
      '1:4 [!vault] unknown tag "!vault": the tags are !raw and !cel -- encrypt the whole file instead: rempart vault encrypt FILE',
    ],
    ["a: *x\n", '1:4 [*x] "*x" has no anchor before it -- set the anchor first (&x), or quote the text'],
    ["a: &x [*x]\n", '1:8 [*x] "*x" stands inside of what it names -- write the value out'],
    ["<<: {a: 1}\n", '1:1 [<<] "<<" (merge) is not part of YAML 1.2 -- write the keys out, or use the whole map by an alias'],
    ["when: {{ x }}\n", '1:7 [{{ x }}] a value that starts with {{ must be quoted -- write when: "{{ x }}"'],
    ['a: {{ x }} and "q" # c\n', '1:4 [{{ x }} and "q"] a value that starts with {{ must be quoted -- write a: \'{{ x }} and "q"\''],
    ["- {{ x }}/y\n", '1:3 [{{ x }}/y] a value that starts with {{ must be quoted -- write - "{{ x }}/y"'],
    ["a: [{{ x }}, 2]\n", '1:5 [{{ x }}] a value that starts with {{ must be quoted -- write "{{ x }}"'],
    [
      "mode: 0o644\n",
      "1:7 [0o644] octal numbers with 0o are not read here -- for a mode write 0644; for a number write it in decimal: 420",
    ],
    ["? {a: 1}\n: 2\n", "1:3 [{a: 1}] a key must be a text, not a list or a map -- write the key as a plain word"],
    ['a: 1\nb: "x\nc: 2\n', '2:4 ["] this quote is not closed -- close it where the text ends; in double quotes write \\" for a quote'],
    ["a: b: c\n", '1:4 [b] a second ": " on one line -- quote the text that holds ": ", or start the inner map on its own line'],
    ["\ta: 1\n", "1:1 [\t] a tab is used as indentation -- indent with spaces"],
    ["a: @foo\n", "1:4 [@] a plain text cannot start with this character -- quote the text"],
    ["%FOO\n---\na: 1\n", '1:1 [%FOO] unknown directive -- remove the line that starts with "%"'],
    ["%YAML 1.1\n---\na: yes\n", '1:1 [%] YAML 1.1 is not read here, only 1.2 -- remove the line that starts with "%"'],
  ])("refuses %j and says what to write", (text, expected) => {
    const { node, diagnostics } = parse(text);
    expect(diagnostics.map(told)).toEqual([expected]);
    expect(node).toBeUndefined();
  });

  it("refuses a second document", () => {
    expect(parse("a: 1\n---\nb: 2\n").diagnostics.map((d) => d.message)).toEqual(["a second document starts here"]);
  });

  it("refuses text nested too deep instead of running out of stack", () => {
    expect(parse("[".repeat(50_000)).diagnostics).toHaveLength(1);
  });

  it("refuses aliases that multiply each other", () => {
    const lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"];
    for (let i = 1; i < 9; i++) lines.push(`a${i}: &a${i} [${Array.from({ length: 10 }, () => `*a${i - 1}`).join(", ")}]`);
    expect(parse(lines.join("\n")).diagnostics[0]?.message).toBe("the aliases of this file multiply it beyond measure");
  });

  it("says nothing of the text of a secret file", () => {
    for (const text of [
      "a: {{ hunter2 }}\n",
      "a: !hunter2 x\n",
      "a: *hunter2\n",
      'a: "hunter2\n',
      "a: 0o644\n",
      "hunter2: 1\nhunter2: 2\n",
    ]) {
      const said = parse(text, true).diagnostics.map((d) => `${d.message} ${d.help ?? ""}`);
      expect(said.join()).not.toMatch(/hunter2|420/);
      expect(said).toHaveLength(1);
    }
  });

  it("reads 5,000 tasks in well under a second", () => {
    const text = Array.from(
      { length: 5000 },
      (_, i) => `- name: task ${i}\n  file:\n    path: /srv/{{ x }}/${i}\n    state: directory\n`,
    ).join("");
    const start = performance.now();
    expect(parse(text).node).toMatchObject({ kind: "seq" });
    expect(performance.now() - start).toBeLessThan(5000);
  });
});
