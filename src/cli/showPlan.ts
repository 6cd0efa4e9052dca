import { paint } from "../views/paint.ts";
import { planText } from "../views/plan.ts";
import { say } from "./complain.ts";
import { done, type Outcome } from "./outcome.ts";
import { colourOf } from "./output.ts";
import { readPlan } from "./planFiles.ts";

export interface ShowOptions {
  readonly output?: "text" | "json";
  readonly diff?: true;
  readonly verbose?: true;
}

/** Prints a plan file, for a person or as JSON. */
export function showPlan(path: string, o: ShowOptions): Outcome {
  const { body } = readPlan(path);
  if (o.output === "json") say(`${JSON.stringify(body)}\n`);
  else say(planText(body, { diff: o.diff ?? false, verbose: o.verbose ?? false }, paint(colourOf(process.stdout))));
  return done;
}
