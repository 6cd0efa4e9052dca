import { z } from "zod";
import type { EvaluatedCondition } from "../../kernel/argumentinput.ts";
import { defineModule, refusal } from "../../kernel/module.ts";

const condition = z.custom<EvaluatedCondition>((v) => typeof v === "object" && v !== null && "holds" in v, "a condition is wanted");

const args = z.strictObject({
  that: z.array(condition).describe("A condition or a list of them; all must hold."),
  fail_msg: z.string().optional().describe("What to say when one does not hold."),
  msg: z.string().optional().describe("The same as fail_msg."),
  success_msg: z.string().optional().describe("What to say when all hold. Default: All assertions passed."),
  quiet: z.boolean().optional().describe("true says nothing when all hold."),
});

/** Fails unless conditions hold. */
export const assert = defineModule({
  name: "assert",
  kind: "question",
  summary: "Fail unless conditions hold.",
  args,
  result: z.object({
    evaluated_to: z.boolean().describe("Whether all held."),
    assertion: z.string().describe("The first condition that did not hold, or empty."),
  }),
  examples: [
    { title: "Before anything is done", yaml: "assert: { that: ['facts.memory.total_mb > 2000'], fail_msg: 'too little memory' }" },
  ],
  inputs: { that: "conditions" },
  controller: true,
  facts: () => ({}),
  plan(a) {
    const wrong = a.that.find((c) => !c.holds);
    if (!wrong) return [];
    const said = a.fail_msg ?? a.msg;
    return refusal(`${said === undefined ? "" : `${said}: `}this does not hold: ${wrong.text}`);
  },
  says: (a) => (a.quiet === true || a.that.some((c) => !c.holds) ? undefined : (a.success_msg ?? "All assertions passed")),
  resultOf(a) {
    const wrong = a.that.find((c) => !c.holds);
    return { evaluated_to: !wrong, assertion: wrong?.text ?? "" };
  },
});
