import type { Event, Listener } from "../../kernel/event.ts";
import type { Question } from "../../kernel/fact.ts";
import type { PlanHost, PlanQuestion } from "../../kernel/planfile.ts";
import type { Program } from "../compile/program.ts";
import { execute } from "../course/execute.ts";
import type { ExecuteOptions, HostOut } from "../course/executeoptions.ts";
import { KeepOpen } from "../course/keepopen.ts";
import type { Summary } from "../course/tallies.ts";
import type { Knowledge } from "../decide/knowledge.ts";
import { makePlan } from "./makeplan.ts";
import { differencesOf } from "./plancompare.ts";
import { PlanContract } from "./plancontract.ts";
import type { PlanKey } from "./plankey.ts";

export interface ApplyOptions extends Omit<ExecuteOptions, "watch" | "ahead" | "out"> {
  readonly key: PlanKey;
  /** The question of a kind with a key, undefined when there is no such kind. */
  readonly questionOf: (kind: string, key: unknown) => Question | undefined;
}

const planAgain = "see what became of it, then plan again";

/**
 * Does what a plan shows, and no more. Every host is asked first whether all is still as the plan says; one where it is not is
 * refused before its first step. Then the playbook runs as always, and each turn of a task is held to the plan before it acts.
 */
export async function applyPlan(program: Program, plan: readonly PlanHost[], options: ApplyOptions, listen: Listener): Promise<Summary> {
  const { key, questionOf, ...own } = options;
  const kept = new KeepOpen(options.connect);
  const out = brokenHosts(program, plan);
  const ahead = new Map(plan.map((h) => [h.name, h.questions.flatMap((q) => askedAgain(q, questionOf))]));
  const told = new Set<string>();
  const known = new Map<string, Knowledge>();
  const started = performance.now();
  try {
    const asking: Listener = (event) => tellRehearsal(event, told, listen);
    const now = await makePlan(
      program,
      { ...own, connect: kept.connect, out: silent(out), ahead: (host) => ahead.get(host) ?? [], knowledge: known },
      key,
      asking,
    );
    for (const host of plan) {
      const current = now.hosts.find((h) => h.name === host.name);
      if (out.has(host.name) || !current) continue;
      if (now.summary.hosts[host.name]?.unreachable) out.set(host.name, { status: "unreachable", message: "", help: "", told: true });
      else if (!now.summary.interrupted) refuse(out, host, current);
    }
    for (const [host, knowledge] of known) known.set(host, knowledge.observed());
    const contracts = new Map(plan.map((h) => [h.name, new PlanContract(h, key)]));
    const spent = (performance.now() - started) / 1000;
    return await execute(
      program,
      {
        ...own,
        connect: kept.connect,
        reconnect: options.connect,
        out,
        knowledge: known,
        watch: (host, play) => contracts.get(host)?.watch(play),
      },
      (event) => tellRun(event, told, spent, listen),
    );
  } finally {
    await kept.close();
  }
}

function brokenHosts(program: Program, plan: readonly PlanHost[]): Map<string, HostOut> {
  const out = new Map<string, HostOut>();
  for (const name of program.plays.flatMap((p) => p.hosts)) {
    const broken = plan.find((h) => h.name === name)?.broken;
    if (broken === undefined && plan.some((h) => h.name === name)) continue;
    out.set(name, {
      status: "refused",
      message: `there is no whole plan of this host: ${broken ?? "it was not in the inventory"}`,
      help: planAgain,
    });
  }
  return out;
}

function refuse(out: Map<string, HostOut>, host: PlanHost, current: PlanHost): void {
  const found = differencesOf(host, current);
  const differences = found.length === 0 && current.broken !== undefined ? [current.broken] : found;
  if (differences.length > 0)
    out.set(host.name, { status: "refused", message: `${differences.join("\n")}\nnothing was done on this host`, help: planAgain });
}

/** The same hosts are left alone while it is asked whether the others are as planned; they are told of when it runs. */
function silent(out: ReadonlyMap<string, HostOut>): ReadonlyMap<string, HostOut> {
  return new Map([...out].map(([name, host]) => [name, { ...host, told: true }]));
}

function askedAgain({ as, kind, key }: PlanQuestion, questionOf: ApplyOptions["questionOf"]): { as: string; question: Question }[] {
  const question = questionOf(kind, key);
  return question ? [{ as, question }] : [];
}

/** Of the asking a person sees that it goes on, and who cannot be reached; what it found is told by the run. */
function tellRehearsal(event: Event, told: Set<string>, listen: Listener): void {
  if (event.event === "connected") told.add(event.host);
  if (event.event === "start") listen({ ...event, check: false });
  else if (event.event !== "play" && event.event !== "task" && event.event !== "recap") listen(event);
}

function tellRun(event: Event, told: ReadonlySet<string>, spent: number, listen: Listener): void {
  if (event.event === "start" || ((event.event === "connecting" || event.event === "connected") && told.has(event.host))) return;
  listen(event.event === "recap" ? { ...event, seconds: event.seconds + spent } : event);
}
