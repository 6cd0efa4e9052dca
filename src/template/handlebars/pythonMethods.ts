import { spaced } from "./jinjaFilters.ts";

const methods = new Map([
  ["split", "split"],
  ["lower", "lower"],
  ["upper", "upper"],
  ["strip", "trim"],
  ["replace", "replace"],
  ["keys", "keys"],
  ["values", "values"],
  ["get", "lookup"],
]);

/** Our spelling of `owner.method(args)`. */
export function pythonMethodHelp(owner: string, method: string, args: string): string {
  if (method === "items") return `write {{#each ${owner}}}{{@key}} {{this}}{{/each}}`;
  const helper = methods.get(method);
  const given = spaced(args);
  return helper ? `write {{ ${helper} ${owner}${given && ` ${given}`} }}` : "the helpers are in docs/templates.md";
}
