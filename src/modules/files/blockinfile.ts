import { z } from "zod";
import { defineModule, type Refusal } from "../../kernel/module.ts";
import { Secret } from "../../kernel/value.ts";
import { editedPath, editFields, editProblem } from "../parts/edit-fields.ts";
import { editedFile } from "../parts/edited-file.ts";
import { anchor, linesOf } from "../parts/line-edit.ts";
import { pathResult, pathResultOf } from "../parts/path-result.ts";
import { patternOf } from "../parts/pattern.ts";
import { fileQuestions } from "../parts/whole-file.ts";

const args = z
  .strictObject({
    ...editFields,
    block: z
      .union([z.string(), z.instanceof(Secret)])
      .optional()
      .describe("The lines between the markers. Empty: the block is removed."),
    content: z
      .union([z.string(), z.instanceof(Secret)])
      .optional()
      .describe("The same as block."),
    marker: z
      .string()
      .optional()
      .describe(
        'The lines around the block; {mark} stands for BEGIN and END. Default: "# {mark} ANSIBLE MANAGED BLOCK", so that blocks written by Ansible are found.',
      ),
    marker_begin: z.string().min(1).optional().describe("What {mark} is in the first line. Default: BEGIN."),
    marker_end: z.string().min(1).optional().describe("What {mark} is in the last line. Default: END."),
  })
  .superRefine((a, context) => {
    const problem = editProblem(a) ?? blockProblem(a);
    if (problem !== undefined) context.addIssue({ code: "custom", message: problem });
  });

type BlockArguments = Pick<
  z.output<typeof args>,
  "block" | "content" | "marker" | "marker_begin" | "marker_end" | "insertafter" | "insertbefore"
>;

function blockProblem(a: BlockArguments): string | undefined {
  if (a.block !== undefined && a.content !== undefined) return "give either block or content";
  if (a.marker !== undefined && (!a.marker.includes("{mark}") || /[\r\n]/.test(a.marker)))
    return "marker is one line with {mark} in it, or the block would be added in every run";
  const [begin, end] = markersOf(a);
  if (begin === end) return "marker_begin and marker_end must differ";
  if (linesOf(textOf(a)).some((l) => [begin, end].includes(l.trimEnd()))) return "the block holds one of its own markers";
  for (const text of [a.insertafter, a.insertbefore]) {
    const pattern = text === undefined || text === "EOF" || text === "BOF" ? undefined : patternOf(text);
    if (pattern && "refused" in pattern) return pattern.refused;
  }
  return undefined;
}

function textOf(a: BlockArguments): string {
  const block = a.block ?? a.content ?? "";
  return block instanceof Secret ? block.reveal() : block;
}

function markersOf(a: BlockArguments): readonly [string, string] {
  const marker = a.marker ?? "# {mark} ANSIBLE MANAGED BLOCK";
  return [marker.replaceAll("{mark}", a.marker_begin ?? "BEGIN"), marker.replaceAll("{mark}", a.marker_end ?? "END")];
}

/** The text with the block between its markers, in the place where it is, else at the anchor. An empty block takes it out. */
function withBlock(text: string, block: string, a: BlockArguments): string | Refusal {
  const lines = linesOf(text);
  const [begin, end] = markersOf(a);
  const first = lines.findLastIndex((l) => l.trimEnd() === begin);
  const last = lines.findLastIndex((l) => l.trimEnd() === end);
  let at: number | Refusal;
  if (first >= 0 && last >= 0) {
    at = Math.min(first, last);
    lines.splice(at, Math.abs(last - first) + 1);
  } else if (block === "") return text;
  else at = anchor(lines, a);
  if (typeof at === "object") return at;
  if (block !== "") {
    const above = lines[at - 1];
    if (above !== undefined && !above.endsWith("\n")) lines[at - 1] = `${above}\n`;
    lines.splice(at, 0, `${begin}\n`, block.endsWith("\n") ? block : `${block}\n`, `${end}\n`);
  }
  return lines.join("");
}

/** Holds a block of lines between markers in a file. */
export const blockinfile = defineModule({
  name: "blockinfile",
  kind: "state",
  undoable: true,
  summary: "Hold a block of lines between markers in a file, or keep it out.",
  notes: ["A symbolic link is not followed: the task is refused and names where it leads.", "Files up to 1 MiB of UTF-8 text."],
  args,
  result: pathResult,
  examples: [
    {
      title: "Two hosts",
      yaml: 'blockinfile: { path: /etc/hosts, block: "10.0.0.2 nas\\n10.0.0.3 proliant\\n", marker: "# {mark} home" }',
    },
  ],
  facts: (a) => fileQuestions({ ...a, path: editedPath(a), content: undefined }),
  plan(a, facts) {
    const block = a.state === "absent" ? "" : textOf(a);
    const secret = (a.block ?? a.content) instanceof Secret;
    return editedFile({ ...a, path: editedPath(a), removes: block === "", secret }, facts, (text) => withBlock(text, block, a));
  },
  resultOf: (a, { after }) => pathResultOf(editedPath(a), after.file),
});
