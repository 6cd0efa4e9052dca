import { z } from "zod";
import { defineModule, refusal } from "../../kernel/module.ts";

/** Fails with a text; mostly under a `when`. */
export const fail = defineModule({
  name: "fail",
  kind: "question",
  summary: "Fail with a text of your own.",
  args: z.strictObject({ msg: z.string().optional().describe("Why. Default: Failed as requested from task.") }),
  result: z.object({}),
  examples: [{ title: "With a reason", yaml: "fail: { msg: 'this play is for Debian only' }" }],
  controller: true,
  facts: () => ({}),
  plan: (a) => refusal(a.msg ?? "Failed as requested from task"),
});
