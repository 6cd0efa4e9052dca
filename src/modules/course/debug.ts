import { z } from "zod";
import { defineModule } from "../../kernel/module.ts";

const variable = z.object({ name: z.string(), value: z.any() });

const args = z
  .strictObject({
    msg: z.any().optional().describe('What to say; lists and maps are shown as JSON. Default: "Hello world!".'),
    var: variable.optional().describe("Name of a variable, or a path into one, to be shown with its value. Or give msg."),
  })
  .refine((a) => a.msg === undefined || a.var === undefined, { error: "give either msg or var" });

function textOf(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value, null, 2);
}

/** Shows a text or a variable. */
export const debug = defineModule({
  name: "debug",
  kind: "question",
  summary: "Show a text or the value of a variable.",
  notes: ["A secret is shown as ********."],
  args,
  result: z.object({}),
  examples: [
    { title: "A text", yaml: "debug: { msg: 'the address is known' }" },
    { title: "A variable", yaml: "debug: { var: inventory_hostname }" },
  ],
  inputs: { var: "variable" },
  controller: true,
  facts: () => ({}),
  plan: () => [],
  says: (a) => (a.var === undefined ? textOf(a.msg ?? "Hello world!") : `${a.var.name}: ${textOf(a.var.value)}`),
});
