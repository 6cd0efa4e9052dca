import type { PlanBody, PlanFact, PlanHost, PlanTask } from "../kernel/planfile.ts";
import type { Paint } from "./paint.ts";
import { taskLines } from "./task.ts";
import { visible } from "./visible.ts";

export interface PlanLook {
  readonly diff: boolean;
  /** Also what is fine already, and what every task stands on. */
  readonly verbose: boolean;
}

/** A plan file for a person: how it was asked for, then host by host what would be done. */
export function planText(plan: PlanBody, look: PlanLook, ink: Paint): string {
  const { request } = plan;
  const choice = [
    ...(request.limit === undefined ? [] : [`limited to ${request.limit}`]),
    ...(request.tags.length > 0 ? [`tags ${request.tags.join(", ")}`] : []),
    ...(request.skipTags.length > 0 ? [`without the tags ${request.skipTags.join(", ")}`] : []),
    ...request.extraVars.map((e) => ("file" in e ? `-e @${e.file}` : `-e ${e.names.map((n) => `${n}=...`).join(" ")}`)),
  ];
  const head = [
    ink.strong(`plan of ${visible(request.playbook)}`) +
      ink.dim(`  (made ${plan.made} by rempart ${plan.rempart} in ${visible(plan.folder)})`),
    ...choice.map((line) => visible(line)),
  ];
  return `${[head.join("\n"), ...plan.hosts.map((host) => hostLines(host, look, ink).join("\n"))].join("\n\n")}\n`;
}

function hostLines(host: PlanHost, look: PlanLook, ink: Paint): string[] {
  const count = (status: PlanTask["status"], word: string): string[] => {
    const n = host.tasks.filter((t) => t.status === status).length;
    return n > 0 ? [`${n} ${word}`] : [];
  };
  const sum = [
    ...count("changed", "would change"),
    ...count("maybe", "maybe"),
    ...count("failed", "failed"),
    ...count("ok", "ok"),
    ...count("skipped", "skipped"),
  ];
  const width = String(host.tasks.length).length;
  return [
    `${ink.strong(visible(host.name))}  ${sum.join(", ") || (host.broken === undefined ? "nothing to do" : "not planned")}`,
    ...(host.broken === undefined ? [] : [`  ${ink.bad("no whole plan:")} ${visible(host.broken)}; apply leaves this host alone`]),
    ...host.tasks
      .flatMap((task) => [...lines(task, width, look, ink), ...(task === blurs(host) ? [blurred] : [])])
      .map((line) => `  ${line}`),
  ];
}

const blurred =
  "    from here on details may come out otherwise than shown: of the same objects and fields, as not all that this task does can be foretold";

/** The first task of unknown effect before one that would change something. */
function blurs({ tasks }: PlanHost): PlanTask | undefined {
  const last = tasks.findLastIndex((t) => t.status === "changed");
  return tasks.slice(0, Math.max(0, last)).find((t) => t.opaque);
}

function lines(task: PlanTask, width: number, look: PlanLook, ink: Paint): string[] {
  const view = { ...look, colour: false, check: true, hostWidth: width, timeless: true as const };
  const event = { event: "task" as const, ...task, host: String(task.number).padStart(width), seconds: 0 };
  const told = taskLines(event, view, ink);
  if (told.length === 0) return [];
  const touches = task.mayTouch ? [`    may touch ${oneLine(task.mayTouch.join(", "))}`] : [];
  const stands = look.verbose ? task.facts.map((f) => `    ${ink.dim(`stands on ${oneLine(f.fact)}, ${origin(f)}`)}`) : [];
  return [...told, ...touches, ...stands];
}

function oneLine(text: string): string {
  return visible(text).replaceAll("\n", " ");
}

function origin({ digest, predictedBy, loose }: PlanFact): string {
  if (predictedBy !== undefined) return `predicted by task ${predictedBy}`;
  return loose ? `answered ${digest.slice(0, 8)}, which may differ` : `observed ${digest.slice(0, 8)}`;
}
