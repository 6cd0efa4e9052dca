import { refuse } from "../kernel/diagnostic.ts";
import { describeNode, expectText, expectVariables } from "../kernel/expect.ts";
import type { MapEntry, MapNode, Node } from "../kernel/node.ts";
import type { Problems } from "../kernel/problems.ts";
import { Fields } from "./fields.ts";
import { inherit, leaveForRole } from "./inherit.ts";
import type { Inherited } from "./model.ts";
import type { RoleRequest } from "./reading.ts";
import { refuseExpression } from "./task.ts";

const nameKeys = ["role", "name"];

/** One item of `roles:` or `dependencies:`: a name, or a map with keywords and parameters. */
export function readRoleUse(node: Node, outer: Inherited, problems: Problems): RoleRequest {
  if (node.kind === "scalar") {
    const name = plainRole(node);
    return { name: name.text, at: name.at, inherited: leaveForRole(outer, undefined), once: name.text };
  }
  if (node.kind === "seq")
    return refuse(`a role must be a name or a map, this is ${describeNode(node)}`, node.at, "write - nginx, or - role: nginx");
  const named = nameKeys.map((k) => node.entries.find((e) => e.key.text === k)).find((e) => e !== undefined);
  if (!named) return refuse("this use of a role names none", node.at, "write - role: nginx");
  const name = plainRole(named.value);
  const fields = new Fields(node, "role", problems, outer.via);
  const params = parameters(fields);
  const inherited = leaveForRole(inherit(outer, fields, { vars: false }), params);
  const rest = node.entries.filter((e) => e !== named);
  const once = [name.text, ...rest.map((e) => source(e.key) + source(e.value))].join("\n");
  return { name: name.text, at: name.at, inherited, once };
}

function plainRole(node: Node): ReturnType<typeof expectText> {
  return refuseExpression(expectText(node, "the name of a role"), "the name of a role", "use include_role among the tasks");
}

/** Keys that are no keywords are parameters, as are `vars:`. */
function parameters(fields: Fields): MapNode | undefined {
  const inline = fields.strangers().filter((e) => !nameKeys.includes(e.key.text));
  const vars = fields.take("vars", (n) => expectVariables(n, "vars"))?.entries ?? [];
  for (const e of inline) {
    if (vars.some((v) => v.key.text === e.key.text))
      fields.error(`the parameter "${e.key.text}" is given twice`, e.key.at, "remove one of them");
  }
  const entries: readonly MapEntry[] = [...vars, ...inline];
  return entries.length === 0 ? undefined : { kind: "map", entries, at: fields.map.at };
}

function source(node: Node): string {
  return node.at.source.text.slice(node.at.start, node.at.end);
}
