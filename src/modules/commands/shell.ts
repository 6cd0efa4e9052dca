import { z } from "zod";
import { defineModule } from "../../kernel/module.ts";
import { Secret } from "../../kernel/value.ts";
import { commandFields, commandResult, readsProblem } from "../parts/command-fields.ts";
import { commandPlan, commandProof, commandQuestions, commandResultOf } from "../parts/command-plan.ts";
import { filePath } from "../parts/file-path.ts";

const args = z
  .strictObject({
    cmd: z.union([z.string().min(1), z.instanceof(Secret)]).describe("Text for the shell."),
    executable: filePath.optional().describe("Absolute path of the shell. Default: /bin/sh."),
    ...commandFields,
  })
  .superRefine((a, context) => {
    const problem =
      a.reads === true && a.cmd instanceof Secret ? "a question takes no secret: run it with always, unless or only_if" : readsProblem(a);
    if (problem !== undefined) context.addIssue({ code: "custom", message: problem });
  });

function keyOf(a: z.output<typeof args>) {
  return { text: a.cmd instanceof Secret ? "" : a.cmd, ...(a.executable !== undefined && { shell: a.executable }) };
}

/** Runs text in a shell. */
export const shell = defineModule({
  name: "shell",
  kind: "action",
  kindOf: (a) => (a.reads === true ? "question" : "action"),
  summary: "Run a text in a shell.",
  notes: [
    "The task says how to tell that it is needed: creates, removes, unless, only_if, reads, always, or the keyword changed_when.",
    "creates, removes, unless and only_if are asked again afterwards and must then say that nothing is left to do.",
    "The text reaches the shell by a file descriptor, so it may hold a secret; it is not seen in the process list.",
  ],
  args,
  result: commandResult,
  examples: [
    { title: "Ask", yaml: "shell: { cmd: 'ps ax | wc -l', reads: true }" },
    { title: "Until a file is there", yaml: "shell: { cmd: openssl rand -hex 32 > /etc/app.key, creates: /etc/app.key }" },
    { title: "In every run", yaml: "shell: { cmd: 'sync; echo 1 > /proc/sys/vm/drop_caches', always: a measurement follows }" },
  ],
  freeForm: "cmd",
  facts: (a, how) => commandQuestions(a, keyOf(a), how),
  plan: (a, facts) =>
    commandPlan(a, facts, { do: "script", text: a.cmd, ...(a.executable !== undefined && { shell: a.executable }) }, a.cmd),
  proof: (a, { after }) => commandProof(a, after),
  resultOf: (a, { after, ran }) => commandResultOf(a.cmd, ran, after),
});
