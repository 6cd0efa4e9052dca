import { expectVariables } from "../kernel/expect.ts";
import type { Span } from "../kernel/span.ts";
import type { Fields } from "./fields.ts";
import type { Inherited, RoleUse } from "./model.ts";
import { environmentNode, moduleDefaultsNode } from "./surroundings.ts";
import { booleanNode, conditionList, controlList, numberNode, tagList, textNode } from "./values.ts";

/** What an entry inherits from nothing. */
export const nothing: Inherited = { when: [], tags: [], controls: [], vars: [], environment: [], moduleDefaults: [], via: [] };

/** What everything inside inherits: the outer part, and the keywords of this play, role use, block, include or task. */
export function inherit(outer: Inherited, fields: Fields, how: { readonly vars: boolean } = { vars: true }): Inherited {
  const when = fields.take("when", conditionList) ?? [];
  const tags = fields.take("tags", tagList) ?? [];
  const controls = fields.take("controls", controlList) ?? [];
  const vars = how.vars ? fields.take("vars", (n) => expectVariables(n, "vars")) : undefined;
  const boolean = (name: string): ReturnType<typeof booleanNode> | undefined => fields.take(name, (n) => booleanNode(n, name));
  const become = boolean("become");
  const becomeUser = fields.take("become_user", (n) => textNode(n, "become_user"));
  const becomeMethod = fields.take("become_method", (n) => textNode(n, "become_method"));
  const checkMode = boolean("check_mode");
  const diff = boolean("diff");
  const ignoreErrors = boolean("ignore_errors");
  const anyErrorsFatal = boolean("any_errors_fatal");
  const runOnce = boolean("run_once");
  const delegateTo = fields.take("delegate_to", (n) => textNode(n, "delegate_to"));
  if (outer.guard) refuseApart(fields, { runOnce, delegateTo });
  const environment = fields.take("environment", environmentNode);
  const moduleDefaults = fields.take("module_defaults", moduleDefaultsNode);
  const timeout = fields.take("timeout", (n) => numberNode(n, "timeout", 1));
  const throttle = fields.take("throttle", (n) => numberNode(n, "throttle", 0));
  return {
    ...outer,
    when: [...outer.when, ...when],
    tags: [...new Set([...outer.tags, ...tags])],
    ...((outer.wakes || tags.includes("never")) && { wakes: [...(outer.wakes ?? []), ...tags] }),
    controls: [...new Set([...outer.controls, ...controls])],
    vars: vars ? [...outer.vars, vars] : outer.vars,
    ...(become && { become }),
    ...(becomeUser && { becomeUser }),
    ...(becomeMethod && { becomeMethod }),
    ...(checkMode && { checkMode }),
    ...(diff && { diff }),
    ...(ignoreErrors && { ignoreErrors }),
    ...(anyErrorsFatal && { anyErrorsFatal }),
    ...(runOnce && { runOnce }),
    ...(delegateTo && { delegateTo }),
    ...(timeout && { timeout }),
    ...(throttle && { throttle }),
    environment: environment ? [...outer.environment, environment] : outer.environment,
    moduleDefaults: moduleDefaults ? [...outer.moduleDefaults, moduleDefaults] : outer.moduleDefaults,
  };
}

/** The same, one step further down the chain of includes. */
export function through(inherited: Inherited, at: Span): Inherited {
  return { ...inherited, via: [...inherited.via, at] };
}

/** The current role becomes an outer one; the next role is still to be set. */
export function leaveForRole(inherited: Inherited, params: Inherited["roleParams"]): Inherited {
  const { roleParams, ...rest } = inherited;
  const outer: readonly RoleUse[] = rest.role ? [{ role: rest.role, ...(roleParams && { params: roleParams }) }] : [];
  return { ...rest, outerRoles: [...(rest.outerRoles ?? []), ...outer], ...(params && { roleParams: params }) };
}

/** In a guarded block stands only what the host itself does: the undo lies there. */
export function refuseApart(
  fields: Fields,
  {
    runOnce,
    delegateTo,
  }: { readonly runOnce?: Inherited["runOnce"] | undefined; readonly delegateTo?: Inherited["delegateTo"] | undefined },
): void {
  for (const [name, node] of [["run_once", runOnce] as const, ["delegate_to", delegateTo] as const])
    if (node)
      fields.error(
        `${name} has no place in a guarded block: its undo lies on each host itself`,
        node.at,
        "put it before or behind the block",
      );
}
