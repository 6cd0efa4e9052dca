import { z } from "zod";
import { defineModule } from "../../kernel/module.ts";
import { commandFields, commandResult, readsProblem } from "../parts/command-fields.ts";
import { commandPlan, commandProof, commandQuestions, commandResultOf } from "../parts/command-plan.ts";
import { shellSyntax, wordsOf } from "../parts/words.ts";

const args = z
  .strictObject({
    cmd: z.string().min(1).optional().describe("Program and arguments in one text; quotes group words, nothing else is special."),
    argv: z.array(z.string()).min(1).optional().describe("Program and arguments as a list."),
    ...commandFields,
  })
  .superRefine((a, context) => {
    const problem = (a.cmd === undefined) === (a.argv === undefined) ? "give either cmd or argv" : (lineProblem(a.cmd) ?? readsProblem(a));
    if (problem !== undefined) context.addIssue({ code: "custom", message: problem });
  });

function lineProblem(cmd: string | undefined): string | undefined {
  if (cmd === undefined) return undefined;
  const words = wordsOf(cmd);
  if (words === undefined) return "a quote is opened and not closed";
  if (words.length === 0) return "a program is wanted, this is empty";
  const syntax = shellSyntax(cmd);
  return syntax === undefined
    ? undefined
    : `command runs no shell, so ${syntax} would be an argument: use the module shell, or put it in quotes`;
}

function argvOf(a: z.output<typeof args>): readonly string[] {
  return a.argv ?? wordsOf(a.cmd ?? "") ?? [];
}

/** Runs a program without a shell. */
export const command = defineModule({
  name: "command",
  kind: "action",
  kindOf: (a) => (a.reads === true ? "question" : "action"),
  summary: "Run a program without a shell.",
  notes: [
    "The task says how to tell that it is needed: creates, removes, unless, only_if, reads, always, or the keyword changed_when.",
    "creates, removes, unless and only_if are asked again afterwards and must then say that nothing is left to do.",
    "No argument may hold a secret, as others see it in the process list: give it by stdin.",
  ],
  args,
  result: commandResult,
  examples: [
    { title: "Once", yaml: "command: { cmd: mkfs.ext4 /dev/sdb1, unless: blkid /dev/sdb1 }" },
    { title: "Ask", yaml: "command: { cmd: nginx -v, reads: true }" },
    {
      title: "With a list and a file that shows that it is done",
      yaml: "command: { argv: [tar, -xf, /srv/a.tar, -C, /srv/app], creates: /srv/app/bin }",
    },
  ],
  freeForm: "cmd",
  facts: (a, how) => commandQuestions(a, { argv: argvOf(a) }, how),
  plan: (a, facts) => commandPlan(a, facts, { do: "exec", argv: argvOf(a), userText: true }, argvOf(a).join(" ")),
  proof: (a, { after }) => commandProof(a, after),
  resultOf: (a, { after, ran }) => commandResultOf(argvOf(a), ran, after),
});
