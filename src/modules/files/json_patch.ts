import { z } from "zod";
import { contentOf } from "../../facts/path.ts";
import { defineModule, type Refusal } from "../../kernel/module.ts";
import { holdsSecret } from "../../kernel/value.ts";
import { editedFile } from "../parts/edited-file.ts";
import { JsonText } from "../parts/json-text.ts";
import { oneFileFields, pathOf, pathProblem } from "../parts/one-file.ts";
import { pathResult, pathResultOf } from "../parts/path-result.ts";
import { revealed } from "../parts/scalar.ts";
import { fileQuestions } from "../parts/whole-file.ts";
import { applyOperations, type JsonOperation, pointerProblem } from "./jsonOperations.ts";

const pointer = z.string().superRefine((text, context) => {
  const problem = pointerProblem(text);
  if (problem !== undefined) context.addIssue({ code: "custom", message: problem });
});

const operation = z
  .strictObject({
    op: z.enum(["add", "replace", "remove", "move", "copy", "test"]).describe("What to do."),
    path: pointer.describe("JSON pointer: `/log-opts/max-size`; `/dns/-` is the end of the list."),
    from: pointer.optional().describe("JSON pointer of what move and copy take."),
    value: z.unknown().optional().describe("The value of add, replace and test."),
  })
  .superRefine((o, context) => {
    const takes = o.op === "move" || o.op === "copy";
    const sets = o.op === "add" || o.op === "replace" || o.op === "test";
    if (takes !== (o.from !== undefined))
      context.addIssue({ code: "custom", message: takes ? `${o.op} needs from` : `${o.op} has no from` });
    if (sets !== "value" in o) context.addIssue({ code: "custom", message: sets ? `${o.op} needs value` : `${o.op} has no value` });
  });

const args = z
  .strictObject({
    ...oneFileFields,
    values: z
      .record(z.string(), z.unknown())
      .optional()
      .describe(
        "Keys that the file shall have, merged into it: maps go deeper, lists are whole values, null takes a key away. Other keys stay.",
      ),
    operations: z.array(operation).min(1).optional().describe("Operations of a JSON patch (RFC 6902), done in their order."),
    create: z.boolean().optional().describe("Make the file when it is not there, from an empty object. Default false."),
  })
  .superRefine((a, context) => {
    const both = (a.values === undefined) === (a.operations === undefined) ? "give either values or operations" : undefined;
    const problem = pathProblem(a) ?? both;
    if (problem !== undefined) context.addIssue({ code: "custom", message: problem });
  });

type Arguments = z.output<typeof args>;

interface Edited {
  readonly text: string;
  /** Whether all tests of the operations hold. */
  readonly tested: boolean;
}

function edit(text: string, a: Arguments): Edited | Refusal {
  const made = text.trim() === "" ? "{}\n" : text;
  const json = JsonText.of(made);
  if ("refused" in json) return { refused: `${pathOf(a)} holds ${json.refused}` };
  if (a.values) merge(json, [], revealed(a.values) as Record<string, unknown>);
  const tested = a.operations ? applyOperations(json, revealed(a.operations) as JsonOperation[]) : true;
  if (typeof tested === "object") return { refused: `${pathOf(a)}: ${tested.refused}` };
  // A file of blanks is no JSON yet, whatever the operations come to.
  return { text: tested ? json.text : text, tested };
}

/** As a JSON merge patch (RFC 7396). */
function merge(json: JsonText, at: readonly string[], values: Readonly<Record<string, unknown>>): void {
  for (const [key, value] of Object.entries(values)) {
    const path = [...at, key];
    if (value === null) json.set(path, undefined);
    else if (!isMap(value)) json.set(path, value);
    else {
      if (!isMap(json.at(path))) json.set(path, {});
      merge(json, path, value);
    }
  }
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Holds values in a JSON file. */
export const jsonPatch = defineModule({
  name: "json_patch",
  kind: "state",
  undoable: true,
  summary: "Hold values in a JSON file, or change it by the operations of a JSON patch.",
  notes: [
    "Only what is named is managed: everything else keeps its place, its formatting and its comments.",
    "Operations are done so that a second run finds nothing to do: what shall be removed may be gone, what was moved may stand there already, and a value that is in a list is not added again.",
    "A test that does not hold is no failure: none of the operations is done then, and the result says `tested: false`.",
    "A symbolic link is not followed. Files up to 1 MiB; a file in which a key stands twice is refused.",
  ],
  args,
  result: pathResult.extend({ tested: z.boolean().describe("Whether all tests among the operations hold.") }),
  examples: [
    {
      title: "Two settings of Docker, and one that goes",
      yaml: "json_patch: { path: /etc/docker/daemon.json, create: true, values: { live-restore: true, log-opts: { max-size: 10m }, debug: null } }",
    },
    {
      title: "One more entry of a list",
      yaml: "json_patch: { path: /etc/docker/daemon.json, operations: [{ op: add, path: /dns/-, value: 192.0.2.1 }] }",
    },
  ],
  facts: (a) => fileQuestions({ ...a, path: pathOf(a) }),
  plan(a, facts) {
    const secret = holdsSecret(a.values) || holdsSecret(a.operations);
    const now = edit(facts.file.value.content ?? "", a);
    const nothing = !("refused" in now) && !now.tested;
    return editedFile({ ...a, path: pathOf(a), removes: nothing, secret }, facts, (text) => {
      const edited = edit(text, a);
      return "refused" in edited ? edited : edited.text;
    });
  },
  resultOf(a, { before, after }) {
    const edited = edit(contentOf(before.file.value)?.toString() ?? "", a);
    return { ...pathResultOf(pathOf(a), after.file), tested: "refused" in edited || edited.tested };
  },
});
