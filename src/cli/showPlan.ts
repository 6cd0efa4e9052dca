import { scrub } from "../kernel/scrub.ts";
import { paint } from "../views/paint.ts";
import { planText } from "../views/plan.ts";
import { say } from "./complain.ts";
import { done, type Outcome } from "./outcome.ts";
import { colourOf } from "./output.ts";
import { pagerOf, showPaged } from "./pager.ts";
import { readPlan } from "./planFiles.ts";

export interface ShowOptions {
  readonly output?: "text" | "json";
  readonly diff?: true;
  readonly verbose?: true;
  /** false: whatever its length, the text goes straight to the terminal. */
  readonly pager: boolean;
}

/** Prints a plan file, for a person or as JSON. */
export async function showPlan(path: string, o: ShowOptions): Promise<Outcome> {
  const { body } = readPlan(path);
  if (o.output === "json") say(`${JSON.stringify(body)}\n`);
  else {
    const text = planText(body, { diff: o.diff ?? false, verbose: o.verbose ?? false }, paint(colourOf(process.stdout)));
    await showPaged(scrub(text), pagerOf(o.pager, process.stdout));
  }
  return done;
}
