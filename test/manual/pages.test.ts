import { describe, expect, it } from "vitest";
import { z } from "zod";
import { defineModule } from "../../src/kernel/module.ts";
import { Secret } from "../../src/kernel/value.ts";
import { editorSchema } from "../../src/manual/editorSchema.ts";
import { fieldsOf } from "../../src/manual/fields.ts";
import { argumentSchema } from "../../src/manual/jsonSchema.ts";
import { modulePage } from "../../src/manual/modulePage.ts";
import { optionsSection, withOptions } from "../../src/manual/optionsTable.ts";
import { terminalPage } from "../../src/manual/terminalPage.ts";

const paper = defineModule({
  name: "paper",
  kind: "state",
  summary: "Put a paper on the wall.",
  aliases: ["poster"],
  freeForm: "src",
  inputs: { src: "file" },
  secretArgs: ["token"],
  args: z.strictObject({
    src: z.custom<{ sha256: string }>().describe("File to show."),
    size: z.enum(["a4", "a5"]).default("a4").describe("How large."),
    pins: z.array(z.int()).optional().describe("Where the pins go."),
    token: z
      .union([z.string(), z.instanceof(Secret)])
      .optional()
      .describe("Never told."),
    labels: z.record(z.string(), z.string()).optional().describe("Words | beside it."),
  }),
  result: z.object({ hung: z.boolean().describe("Whether it hangs.") }),
  examples: [{ title: "A large one", yaml: "paper:\n  src: plan.txt\n  size: a4" }],
  facts: () => ({}),
  plan: () => [],
});

const plainInk = { strong: (t: string) => t, place: (t: string) => t, dim: (t: string) => t };

describe("a manual page", () => {
  it("is written whole from the module's record", () => {
    expect(modulePage(paper)).toMatchInlineSnapshot(`
      "<!-- Written by \`npm run docs\`; change the source that it describes, not this page. -->

      # paper

      Put a paper on the wall.

      Declares a state: nothing is done when it holds already, and a difference that is left after acting fails the task.

      Other names: \`poster\`.

      A bare text stands for \`src\`: \`paper: ...\`.

      ## Arguments

      | argument | type | default | meaning |
      |---|---|---|---|
      | \`src\` | text | required | File to show. |
      | \`size\` | a4 \\| a5 | \`"a4"\` | How large. |
      | \`pins\` | list of integer |  | Where the pins go. |
      | \`token\` | text |  | Never told. |
      | \`labels\` | map of text |  | Words \\| beside it. |

      Never shown: \`token\`.

      ## Examples

      A large one:

      \`\`\`yaml
      - paper:
          src: plan.txt
          size: a4
      \`\`\`

      ## Result

      What \`register\` gets, beside \`changed\`, \`failed\`, \`skipped\` and \`msg\`, which every result has.

      | field | type | meaning |
      |---|---|---|
      | \`hung\` | true or false | Whether it hangs. |
      "
    `);
  });

  it("reads on a terminal without Markdown's marks", () => {
    const text = terminalPage(modulePage(paper), plainInk);
    expect(text).toContain("PAPER\n\nPut a paper on the wall.");
    expect(text).toContain('  size  a4 | a5  "a4"\n      How large.\n');
    expect(text).not.toMatch(/```|\|---|<!--/);
  });

  it("joins the variants of a union: required is what all of them require", () => {
    const schema = argumentSchema({
      inputs: {},
      args: z.union([z.strictObject({ name: z.string(), add: z.string() }), z.strictObject({ name: z.string(), remove: z.string() })]),
    });
    expect(fieldsOf(schema).map((f) => [f.name, f.required])).toEqual([
      ["name", true],
      ["add", false],
      ["remove", false],
    ]);
  });
});

describe("the options section of a role's README", () => {
  const section = (description: string) =>
    optionsSection("nginx", "A reverse proxy.", [
      { path: "port", type: "integer", required: false, default: "443", description, secret: false },
    ]);

  it("replaces itself and leaves the rest alone", () => {
    const once = withOptions("# nginx\n\nWords.\n", section("old"));
    const twice = withOptions(`${once}\nMore words.\n`, section("new"));
    expect(twice).toContain("# nginx\n\nWords.\n\n");
    expect(twice).toContain("| `port` | integer | `443` | new |");
    expect(twice).not.toContain("old");
    expect(twice).toContain("More words.");
  });
});

describe("the schema for editors", () => {
  it("offers every module by all of its names, with an expression allowed for every argument", () => {
    const keywords = { play: [{ name: "hosts", summary: "" }], block: [], task: [{ name: "when", summary: "A condition." }] };
    const schema = JSON.stringify(editorSchema([paper], keywords));
    const task: unknown = JSON.parse(schema).$defs.task.properties;
    expect(task).toHaveProperty("poster.description", "Put a paper on the wall.");
    expect(task).toHaveProperty("when.description", "A condition.");
    expect(schema).toContain('"pattern":"\\\\{\\\\{"');
  });
});
