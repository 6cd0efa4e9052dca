import { refuse } from "../../kernel/diagnostic.ts";
import type { Placed } from "../position.ts";
import type { Mustache } from "./mustaches.ts";

/** Blocks inside of blocks, `{{else if}}` counted: Handlebars' parser takes its time, and its stack, for more. */
const deepest = 100;

/** Refuses blocks that are nested beyond measure, before they are parsed. */
export function refuseDeepNesting(found: readonly Mustache[], placed: Placed): void {
  const open: number[] = [];
  let depth = 0;
  for (const { inner, start, end } of found) {
    const mark = /^\s*(#|\^\s*\w|\/|else\s+\w)/.exec(inner)?.[1]?.charAt(0);
    if (mark === "#" || mark === "^") {
      open.push(depth);
      depth++;
    } else if (mark === "e") depth++;
    else if (mark === "/") depth = open.pop() ?? 0;
    if (depth > deepest)
      refuse(
        "the blocks of this text are nested too deep",
        placed.span(start, end),
        "take a part out into a variable, or loop with {{#each}}",
      );
  }
}
