import { z } from "zod";
import { account } from "../../facts/account.ts";
import { defineModule } from "../../kernel/module.ts";

/** Proves that the host answers. */
export const ping = defineModule({
  name: "ping",
  kind: "question",
  summary: "Prove that the host can be entered and answers.",
  args: z.strictObject({ data: z.string().optional().describe("What to return. Default: pong.") }),
  result: z.object({ ping: z.string().describe("The argument data, or pong.") }),
  examples: [{ title: "Is it there", yaml: "ping: {}" }],
  facts: () => ({ me: account({ kind: "acting user" }) }),
  plan: (_a, facts) => (facts.me.value ? [] : []),
  resultOf: (a) => ({ ping: a.data ?? "pong" }),
});
