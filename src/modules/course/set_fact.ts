import { z } from "zod";
import { defineModule } from "../../kernel/module.ts";
import { refusedArgument } from "../parts/refused-argument.ts";

const args = z
  .looseObject({ cacheable: refusedArgument(false, "a variable lasts for the run; put what shall last into the inventory") })
  .superRefine((a, context) => {
    for (const name of Object.keys(a)) {
      if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name))
        context.addIssue({
          code: "custom",
          path: [name],
          message: `"${name}" cannot be the name of a variable: letters, digits and _ only`,
        });
    }
    if (variablesOf(a).length === 0) context.addIssue({ code: "custom", message: "no variable is given: write set_fact: { name: value }" });
  });

function variablesOf(a: Readonly<Record<string, unknown>>): (readonly [string, unknown])[] {
  return Object.entries(a).filter(([name]) => name !== "cacheable");
}

/** Sets variables of the host for the rest of the run. */
export const setFact = defineModule({
  name: "set_fact",
  kind: "question",
  summary: "Set variables of the host for the rest of the run.",
  notes: ["Under a when, the variable counts as maybe defined."],
  args,
  result: z.object({ ansible_facts: z.record(z.string(), z.any()).describe("The variables that were set.") }),
  examples: [{ title: "Two variables", yaml: "set_fact: { media_root: /srv/media, media_ports: [8096, 8920] }" }],
  controller: true,
  facts: () => ({}),
  plan: () => [],
  sets: (a) => Object.fromEntries(variablesOf(a)),
  resultOf: (a) => ({ ansible_facts: Object.fromEntries(variablesOf(a)) }),
});
