import { z } from "zod";
import { defineModule } from "../../kernel/module.ts";
import { Secret } from "../../kernel/value.ts";
import { editedPath, editFields, editProblem } from "../parts/edit-fields.ts";
import { editedFile } from "../parts/edited-file.ts";
import { type LineTask, withLine, withoutLine } from "../parts/line-edit.ts";
import { pathResult, pathResultOf } from "../parts/path-result.ts";
import { patternOf } from "../parts/pattern.ts";
import { fileQuestions } from "../parts/whole-file.ts";

const args = z
  .strictObject({
    ...editFields,
    line: z
      .union([z.string(), z.instanceof(Secret)])
      .optional()
      .describe("The whole line. Needed for state: present."),
    regexp: z
      .string()
      .min(1)
      .optional()
      .describe("Regular expression: the last line that it matches becomes line; with state: absent all that it matches go."),
    value: z
      .union([z.string(), z.instanceof(Secret)])
      .optional()
      .describe("The same as line."),
    regex: z.string().min(1).optional().describe("The same as regexp."),
    search_string: z.string().min(1).optional().describe("The same as regexp, with plain text."),
    backrefs: z
      .boolean()
      .optional()
      .describe("Fill \\1 and \\g<name> of line from the match of regexp; without a match the file stays as it is."),
    firstmatch: z.boolean().optional().describe("Take the first match instead of the last."),
  })
  .superRefine((a, context) => {
    const problem = editProblem(a) ?? lineProblem(plainNames(a));
    if (problem !== undefined) context.addIssue({ code: "custom", message: problem });
  });

type Arguments = z.output<typeof args>;

/** Ansible's second names under their first. */
function plainNames(a: Arguments): Arguments {
  return { ...a, line: a.line ?? a.value, regexp: a.regexp ?? a.regex };
}

function lineProblem(a: Arguments): string | undefined {
  const line = textOf(a.line);
  if (a.state !== "absent" && line === undefined) return 'needs the argument "line"';
  if (a.state === "absent" && line === undefined && a.regexp === undefined && a.search_string === undefined)
    return "state: absent needs line, regexp or search_string";
  if (line !== undefined && /[\r\n]/.test(line)) return "line is one line: for several use blockinfile";
  if (a.regexp !== undefined && a.search_string !== undefined) return "give either regexp or search_string";
  if (a.backrefs === true && a.regexp === undefined) return "backrefs needs regexp";
  const anchors = [a.insertafter, a.insertbefore].filter((p) => p !== undefined && p !== "EOF" && p !== "BOF");
  for (const text of [a.regexp, ...anchors]) {
    const pattern = text === undefined ? undefined : patternOf(text);
    if (pattern && "refused" in pattern) return pattern.refused;
  }
  return undefined;
}

function textOf(line: string | Secret | undefined): string | undefined {
  return line instanceof Secret ? line.reveal() : line;
}

/** Holds one line in a file. */
export const lineinfile = defineModule({
  name: "lineinfile",
  kind: "state",
  undoable: true,
  summary: "Hold one line in a file, or keep it out.",
  notes: [
    "Regular expressions are written as for Ansible; what Python's have and JavaScript's have not is refused by name.",
    "An edit that would be made again in the next run is refused: the pattern must match the line that is written.",
    "A symbolic link is not followed: the task is refused and names where it leads.",
    "Files up to 1 MiB of UTF-8 text.",
  ],
  args,
  result: pathResult,
  examples: [
    { title: "Replace or add", yaml: "lineinfile: { path: /etc/login.defs, regexp: '^UMASK\\s', line: 'UMASK 027' }" },
    { title: "Keep out", yaml: "lineinfile: { path: /etc/hosts, regexp: 'old\\.example\\.org', state: absent }" },
  ],
  facts: (a) => fileQuestions({ ...a, path: editedPath(a) }),
  plan(given, facts) {
    const a = plainNames(given);
    const task: LineTask = { ...a, line: textOf(a.line) ?? "" };
    const removes = a.state === "absent";
    return editedFile({ ...a, path: editedPath(a), removes, secret: a.line instanceof Secret }, facts, (text) =>
      removes ? withoutLine(text, task) : withLine(text, task),
    );
  },
  resultOf: (a, { after }) => pathResultOf(editedPath(a), after.file),
});
