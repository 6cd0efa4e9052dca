import { dirname, resolve as resolvePath } from "node:path";
import { connectionOf } from "../../inventory/connection.ts";
import type { Host } from "../../inventory/model.ts";
import { loadVars } from "../../inventory/vars.ts";
import type { Diagnostic } from "../../kernel/diagnostic.ts";
import type { Module } from "../../kernel/module.ts";
import type { MapNode, ScalarNode } from "../../kernel/node.ts";
import type { SourceFile } from "../../kernel/span.ts";
import { firstUnknown, type Value } from "../../kernel/value.ts";
import type { Play } from "../../playbook/model.ts";
import { loadPlaybook } from "../../playbook/playbook.ts";
import { resolve } from "../../template/resolve.ts";
import { inOrder, percentageOf, sizesOf } from "../course/batches.ts";
import { type StartAt, startAt } from "../course/startat.ts";
import type { TaskPath } from "../decide/path.ts";
import { checkHost } from "./checkhost.ts";
import { Findings } from "./findings.ts";
import { HostVars } from "./hostvars.ts";
import { Includes } from "./include.ts";
import { listTasks } from "./listtasks.ts";
import type { Compiled, CompiledPlay, CompileOptions, Context } from "./program.ts";
import { type Layer, nodeLayer, Variables, valueLayer } from "./scope.ts";
import { variablesFor } from "./variables.ts";

/** Reads a playbook and checks it against every host that it names, before anything is connected. */
export async function compile(options: CompileOptions): Promise<Compiled> {
  const loaded = loadPlaybook(options.playbook);
  const findings = new Findings();
  findings.add(...loaded.diagnostics);
  if (!loaded.playbook || findings.failed) return { diagnostics: findings.all };
  const context = contextOf(options);
  const plays: CompiledPlay[] = [];
  const start = startOf(loaded.playbook.plays, options);
  if (start && "severity" in start) return { diagnostics: [...findings.all, start] };
  for (const [i, play] of loaded.playbook.plays.entries()) {
    if (start && i < start.play) continue;
    const compiled = await compilePlay(context, play, i, findings, start?.play === i ? start.path : undefined);
    if (compiled) plays.push(compiled);
  }
  if (findings.failed) return { diagnostics: findings.all };
  return { program: { playbook: options.playbook, plays, context }, diagnostics: findings.all };
}

function startOf(plays: readonly Play[], { startAtTask, tags, skipTags }: CompileOptions): StartAt | Diagnostic | undefined {
  return startAtTask === undefined ? undefined : startAt(plays, startAtTask, { tags: tags ?? [], skipTags: skipTags ?? [] });
}

function contextOf(options: CompileOptions): Context {
  const playbookDir = resolvePath(dirname(options.playbook));
  return {
    options,
    inventory: options.inventory,
    modules: byName(options.modules),
    gather: options.gather,
    playbookDir,
    extra: (options.extraVars ?? []).map((e) => nodeLayer(e.origin, e.vars)),
    defaults: valueLayer("command line", new Map(Object.entries(connectionVariables(options)))),
    includes: new Includes(playbookDir),
    check: options.check ?? false,
    diff: options.diff ?? false,
  };
}

function byName(modules: readonly Module[]): Map<string, Module> {
  return new Map(modules.flatMap((m) => [m.name, ...m.aliases].map((name) => [name, m] as const)));
}

/** What the command line says, as the variables that the inventory may override. */
function connectionVariables(options: CompileOptions): Record<string, Value> {
  const d = options.connectionDefaults ?? {};
  const all: Record<string, Value | undefined> = {
    ansible_user: d.user,
    ansible_become: d.become,
    ansible_become_user: d.becomeUser,
    ansible_become_method: d.becomeMethod,
    ansible_ssh_private_key_file: d.privateKey,
    ansible_connection: d.connection,
    ansible_password: d.password,
    ansible_become_password: d.becomePassword,
  };
  return Object.fromEntries(Object.entries(all).filter((e): e is [string, Value] => e[1] !== undefined));
}

async function compilePlay(
  context: Context,
  play: Play,
  index: number,
  findings: Findings,
  from: TaskPath | undefined,
): Promise<CompiledPlay | undefined> {
  const members = inOrder(findings.collect(() => hostsOf(context, play, findings)) ?? [], play.order);
  const varsFiles = await varsFilesOf(context, play.varsFiles, findings);
  const hosts = members.map((h) => h.name);
  const included: CompiledPlay["included"] = [];
  const connections = new Map<string, NonNullable<ReturnType<CompiledPlay["connections"]["get"]>>>();
  const scope = new Variables([...(play.vars ? [nodeLayer("play vars", play.vars)] : []), ...varsFiles, ...context.extra]);
  const serial = play.serial && findings.collect(() => play.serial && sizesOf(play.serial, scope));
  const maxFail = findings.collect(() => play.maxFailPercentage && percentageOf(play.maxFailPercentage, scope));
  const course = { ...(from && { from }), ...(serial && { serial }), ...(maxFail !== undefined && { maxFail }) };
  const compiled: CompiledPlay = {
    play,
    index,
    name: play.name,
    at: play.at,
    members,
    connections,
    varsFiles,
    included,
    hosts,
    tasks: [],
    ...course,
  };
  for (const host of members) {
    findings.collect(() => {
      const variables = variablesFor(context, compiled, host, play.inherited, new Map(), new HostVars());
      const connection = connectionOf(host.name, (name) => variables.get(name));
      if ("severity" in connection) findings.add({ ...connection, at: connection.at ?? host.at });
      else connections.set(host.name, connection);
    });
    if (!context.options.listed) checkHost({ context, play: compiled, host, ...(from && { from }) }, findings);
  }
  return { ...compiled, tasks: listTasks(context, compiled) };
}

function hostsOf(context: Context, play: Play, findings: Findings): Host[] {
  const pattern = resolve(play.hosts, new Variables([...context.extra]));
  const text = Array.isArray(pattern) ? pattern.join(":") : pattern;
  if (typeof text !== "string" || firstUnknown(text)) return [];
  const { hosts, diagnostics } = context.inventory.select(text, play.hosts.at);
  findings.add(...diagnostics);
  if (context.options.limit === undefined) return [...hosts];
  const source: SourceFile = { path: "--limit", text: context.options.limit };
  const limited = context.inventory.select(context.options.limit, { source, start: 0, end: source.text.length });
  findings.add(...limited.diagnostics);
  const names = new Set(limited.hosts.map((h) => h.name));
  return hosts.filter((h) => names.has(h.name));
}

async function varsFilesOf(context: Context, files: readonly ScalarNode[], findings: Findings): Promise<Layer[]> {
  const layers: Layer[] = [];
  for (const file of files) {
    const name = findings.collect(() => resolve(file, new Variables([...context.extra])));
    if (typeof name !== "string") continue;
    const read: { readonly vars?: MapNode; readonly diagnostics: readonly Diagnostic[] } = await loadVars(
      name,
      context.playbookDir,
      context.options.vault ?? {},
    );
    findings.add(...read.diagnostics.map((d) => ({ ...d, at: d.at ?? file.at })));
    if (read.vars) layers.push(nodeLayer(`vars_files ${name}`, read.vars));
  }
  return layers;
}
