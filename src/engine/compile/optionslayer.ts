import { Refused, refuse } from "../../kernel/diagnostic.ts";
import type { Value } from "../../kernel/value.ts";
import type { Role } from "../../playbook/model.ts";
import { type GivenOptions, mergeOptions } from "../../playbook/options.ts";
import { resolve } from "../../template/resolve.ts";
import type { Scope } from "../../template/scope.ts";
import { computedLayer, type Layer, type Variables } from "./scope.ts";

/** Options that were merged from these levels, and hang on nothing else. */
interface Merged {
  readonly given: readonly GivenOptions[];
  readonly value: Value;
}

/** By role and by the highest level that says something, or the role itself. */
const merged = new WeakMap<Role, WeakMap<object, Merged>>();

/** Options of every role of the play, merged along their schema from whatever levels set them. */
export function optionsLayers(
  ofPlay: readonly Role[],
  own: Role | undefined,
  base: readonly Layer[],
  variables: () => Variables,
): readonly Layer[] {
  const roles = new Map<string, Role>();
  for (const role of own ? [...ofPlay, own] : ofPlay) if (role.options) roles.set(role.name, role);
  if (roles.size === 0) return [];
  const values = [...roles].map(([name, role]) => [name, () => optionsOf(role, givenTo(role, base), variables)] as const);
  return [computedLayer("role options", Object.fromEntries(values))];
}

function givenTo(role: Role, base: readonly Layer[]): GivenOptions[] {
  return base.flatMap((layer) => {
    const found = layer.get(role.name);
    if (!found) return [];
    if ("kind" in found) return [{ node: found, origin: layer.origin }];
    return refuse(
      `a registered result or set_fact may not be named "${role.name}": that name holds the options of the role`,
      role.options?.at,
    );
  });
}

/** Nearly every task of a role reads its options, and mostly they are plain values: those are merged once. */
function optionsOf(role: Role, given: readonly GivenOptions[], variables: () => Variables): Value {
  const ofRole = merged.get(role) ?? new WeakMap<object, Merged>();
  merged.set(role, ofRole);
  const highest = given.at(-1)?.node ?? role;
  const known = ofRole.get(highest);
  if (known?.given.length === given.length && known.given.every((g, i) => g.node === given[i]?.node)) return known.value;
  let read = false;
  const scope = watched(variables, () => {
    read = true;
  });
  const { value, diagnostics } = mergeOptions(role, given, (node) => resolve(node, scope));
  if (diagnostics.some((d) => d.severity === "error")) throw new Refused(...diagnostics);
  if (!read) ofRole.set(highest, { given, value });
  return value;
}

/** The variables, telling when one of them is read. */
function watched(variables: () => Variables, told: () => void): Scope {
  const all = (): Variables => {
    told();
    return variables();
  };
  return {
    get: (name) => all().get(name),
    names: () => all().names(),
    lookup: (kind, name) => all().lookup?.(kind, name) ?? null,
  };
}
