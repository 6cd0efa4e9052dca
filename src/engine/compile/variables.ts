import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { resolve as resolvePath } from "node:path";
import type { Host } from "../../inventory/model.ts";
import { Refused, refuse } from "../../kernel/diagnostic.ts";
import { noteText } from "../../kernel/inputs.ts";
import { Secret, type Value } from "../../kernel/value.ts";
import type { Inherited, Role } from "../../playbook/model.ts";
import type { Bindings } from "../decide/cursor.ts";
import type { HostVars } from "./hostvars.ts";
import { optionsLayers } from "./optionslayer.ts";
import type { CompiledPlay, Context } from "./program.ts";
import { computedLayer, type Layer, type Lookup, nodeLayer, Variables, valueLayer } from "./scope.ts";

/** The variables that a task sees on a host, in the precedence of the language (low to high). */
export function variablesFor(
  context: Context,
  play: Pick<CompiledPlay, "play" | "varsFiles" | "hosts">,
  host: Host,
  inherited: Inherited,
  bind: Bindings,
  vars: HostVars,
): Variables {
  const { role } = inherited;
  const outer = inherited.outerRoles ?? [];
  const fixed = fixedLayers(context, play, host, role);
  const base: Layer[] = [
    context.defaults,
    ...outer.flatMap((o) => roleLayer(o.role, "defaults")),
    ...fixed.low,
    ...outer.flatMap((o) => [...roleLayer(o.role, "vars"), ...(o.params ? [nodeLayer(`role ${o.role.name} parameters`, o.params)] : [])]),
    ...(role ? roleLayer(role, "vars") : []),
    ...(inherited.roleParams ? [nodeLayer(`role ${role?.name ?? ""} parameters`, inherited.roleParams)] : []),
    ...inherited.vars.map((v) => nodeLayer("vars", v)),
    ...(bind.size > 0 ? [valueLayer("loop", bind)] : []),
    vars.layer,
    ...context.extra,
  ];
  const layers = [...base, ...optionsLayers(play.play.roles, role, base, () => variables), fixed.magic];
  const variables = new Variables(layers, fixed.lookup);
  return variables;
}

/** What is the same for all tasks of a role, or outside of one, on one host. */
interface Fixed {
  readonly low: readonly Layer[];
  readonly magic: Layer;
  readonly lookup: Lookup;
}

const fixedParts = new WeakMap<object, WeakMap<Host, Map<Role | undefined, Fixed>>>();

function fixedLayers(
  context: Context,
  play: Pick<CompiledPlay, "play" | "varsFiles" | "hosts">,
  host: Host,
  role: Role | undefined,
): Fixed {
  const hosts = fixedParts.get(play) ?? new WeakMap<Host, Map<Role | undefined, Fixed>>();
  fixedParts.set(play, hosts);
  const roles = hosts.get(host) ?? new Map<Role | undefined, Fixed>();
  hosts.set(host, roles);
  const known = roles.get(role);
  if (known) return known;
  const low = [
    ...(role ? roleLayer(role, "defaults") : []),
    ...host.layers.map((l) => nodeLayer(l.origin, l.vars)),
    ...(play.play.vars ? [nodeLayer("play vars", play.play.vars)] : []),
    ...play.varsFiles,
  ];
  const made = { low, magic: magicLayer(context, play, host, role), lookup: lookupFrom(context.playbookDir) };
  roles.set(role, made);
  return made;
}

function roleLayer(role: Role, what: "defaults" | "vars"): Layer[] {
  const map = role[what];
  return map ? [nodeLayer(`role ${role.name} ${what}`, map)] : [];
}

/** Names that the runner itself gives a value. */
function magicLayer(context: Context, play: Pick<CompiledPlay, "play" | "hosts">, host: Host, role: Role | undefined): Layer {
  const { inventory } = context;
  return computedLayer("rempart", {
    inventory_hostname: () => host.name,
    inventory_hostname_short: () => host.name.split(".")[0] ?? host.name,
    group_names: () => host.groups,
    groups: () => Object.fromEntries([...inventory.groups].map(([name, g]) => [name, g.hosts])),
    hostvars: () => Object.fromEntries([...inventory.hosts.values()].map((h) => [h.name, staticVariables(context, h)])),
    ansible_play_hosts: () => play.hosts,
    ansible_play_name: () => play.play.name,
    // A plan foretells a real run, so it sees what that would see.
    ansible_check_mode: () => context.check && !context.plan,
    ansible_diff_mode: () => context.diff,
    playbook_dir: () => context.playbookDir,
    ...(role && { role_name: () => role.name, role_path: () => resolvePath(role.dir) }),
  });
}

/** What the inventory says of a host, for `hostvars`; what cannot be resolved without a task is left out. */
function staticVariables(context: Context, host: Host): Record<string, Value> {
  const layers = [context.defaults, ...host.layers.map((l) => nodeLayer(l.origin, l.vars)), ...context.extra];
  const own = computedLayer("rempart", { inventory_hostname: () => host.name, group_names: () => host.groups });
  const variables = new Variables([...layers, own], lookupFrom(context.playbookDir));
  const all: Record<string, Value> = {};
  for (const name of variables.names()) {
    try {
      all[name] = variables.get(name) ?? null;
    } catch (error) {
      if (!(error instanceof Refused)) throw error;
    }
  }
  return all;
}

function lookupFrom(playbookDir: string): Lookup {
  return (kind, name) => {
    if (kind === "env" || kind === "secret_env") {
      const text = process.env[name];
      if (text === undefined)
        return refuse(`the environment variable ${name} is not set`, undefined, `set it before the run: export ${name}=...`);
      noteText(`${kind === "env" ? "env" : "secret env"} ${name}`, text, kind !== "env");
      return kind === "env" ? text : new Secret(text);
    }
    const path = resolvePath(playbookDir, name.replace(/^~(?=\/)/, homedir()));
    try {
      const text = readFileSync(path, "utf8").replace(/\n$/, "");
      noteText(`${kind === "file" ? "file" : "secret file"} ${name}`, text, kind !== "file");
      return kind === "file" ? text : new Secret(text);
    } catch {
      return refuse(`the file ${name} cannot be read`, undefined, `looked at ${path}`);
    }
  };
}
