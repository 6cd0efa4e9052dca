import type { Host } from "../../inventory/model.ts";
import { isApiKind } from "../../kernel/api.ts";
import { refuse } from "../../kernel/diagnostic.ts";
import type { Question } from "../../kernel/fact.ts";
import type { Module } from "../../kernel/module.ts";
import type { Connection } from "../../kernel/target.ts";
import type { TaskEntry } from "../../playbook/model.ts";
import type { CompiledPlay } from "./program.ts";

/** Whether facts of the host are gathered: an API has none. */
export function gathers({ play, host }: { readonly play: CompiledPlay; readonly host: Host }): boolean {
  return play.play.gatherFacts && !isApiKind(play.connections.get(host.name)?.kind ?? "ssh");
}

/** Throws Refused when a host cannot answer what the task asks: a file of an API, a DNS record of a machine. */
export function checkReach(task: TaskEntry, module: Module, questions: readonly Question[], connection: Connection | undefined): void {
  if (!connection || module.controller) return;
  const { kind, host } = connection;
  const foreign = questions.find((q) => (isApiKind(kind) ? !q.fact.api?.kinds.includes(kind) : q.fact.api));
  if (!foreign && (questions.length > 0 || !isApiKind(kind))) return;
  const wanted = foreign?.fact.api?.kinds.join(" or ");
  refuse(
    wanted
      ? `${module.name} works on a host with ansible_connection ${wanted}; ${host} has ${kind}`
      : `${module.name} works on a host with a shell; ${host} is an API (${kind})`,
    task.moduleAt,
    wanted
      ? "give the play the host that stands for the API"
      : "run it on another host, or on this machine: hosts: localhost with ansible_connection local",
  );
}
