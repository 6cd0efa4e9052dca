import { connectionOf } from "../../inventory/connection.ts";
import { isLocalhost } from "../../inventory/localhost.ts";
import type { Host } from "../../inventory/model.ts";
import { nearest, Refused, refuse } from "../../kernel/diagnostic.ts";
import type { ScalarNode } from "../../kernel/node.ts";
import type { Connection } from "../../kernel/target.ts";
import { Unknown } from "../../kernel/value.ts";
import { resolve } from "../../template/resolve.ts";
import { HostVars } from "../compile/hostvars.ts";
import type { CompiledPlay, Context } from "../compile/program.ts";
import type { Variables } from "../compile/scope.ts";
import { variablesFor } from "../compile/variables.ts";

/** The host that a task of another one is done on. */
export interface Delegate {
  readonly host: Host;
  /** Its own: how it is reached, and how to become there. */
  readonly variables: Variables;
  readonly connection: Connection;
}

/** The host that a task is delegated to; undefined when that is the host itself. Throws Refused for a name that no host has. */
export function delegateOf(
  { context, play, host }: { readonly context: Context; readonly play: CompiledPlay; readonly host: Host },
  node: ScalarNode,
  variables: Variables,
): Delegate | Unknown | undefined {
  const name = resolve(node, variables);
  if (name instanceof Unknown) return name;
  if (typeof name !== "string" || name === "") return refuse("delegate_to needs the name of a host", node.at);
  if (name === host.name) return undefined;
  const other = hostNamed(context, name) ?? noHost(context, name, node);
  if (play.play.strategy === "free" && play.hosts.includes(name))
    refuse(
      `${name} is a host of this play too, and under the strategy free nobody knows what it is doing`,
      node.at,
      'write "strategy: linear"',
    );
  const own = variablesFor(context, play, other, play.play.inherited, new Map(), new HostVars());
  const connection = play.connections.get(name) ?? connectionOf(name, (of) => own.get(of));
  if ("severity" in connection) throw new Refused({ ...connection, at: connection.at ?? node.at });
  return { host: other, variables: own, connection };
}

function hostNamed({ inventory }: Context, name: string): Host | undefined {
  return inventory.hosts.get(name) ?? (isLocalhost(name) ? inventory.select(name).hosts[0] : undefined);
}

function noHost({ inventory }: Context, name: string, node: ScalarNode): never {
  const names = [...inventory.hosts.keys()];
  const near = nearest(name, [...names, "localhost"]);
  const group = inventory.groups.get(name);
  const help = group ? `it is a group; write one of its hosts: ${group.hosts.join(", ")}` : near ? `did you mean "${near}"?` : undefined;
  return refuse(`no host is named "${name}"`, node.at, help ?? `the hosts are: ${names.join(", ")}`);
}
