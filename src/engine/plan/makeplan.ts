import type { Listener } from "../../kernel/event.ts";
import type { PlanHost } from "../../kernel/planfile.ts";
import type { Program } from "../compile/program.ts";
import { execute } from "../course/execute.ts";
import type { ExecuteOptions } from "../course/executeoptions.ts";
import type { Summary } from "../course/tallies.ts";
import type { PlanKey } from "./plankey.ts";
import { PlanRecord } from "./planrecord.ts";

/** Finds out what a run would do on every host, and changes nothing anywhere. */
export async function makePlan(
  program: Program,
  options: Omit<ExecuteOptions, "watch">,
  key: PlanKey,
  listen: Listener,
): Promise<{ readonly summary: Summary; readonly hosts: readonly PlanHost[] }> {
  const names = [...new Set(program.plays.flatMap((p) => p.hosts))];
  const records = new Map(names.map((name) => [name, new PlanRecord(key)]));
  const checked: Program = { ...program, context: { ...program.context, check: true, diff: true, plan: true } };
  const watch: ExecuteOptions["watch"] = (host, play) => records.get(host)?.watch(play, program.plays[play]?.name ?? "");
  const summary = await execute(checked, { ...options, watch }, (event) => {
    if (event.event === "host") records.get(event.host)?.break(event.message);
    listen(event);
  });
  for (const [host, why] of summary.notReached) records.get(host)?.break(why);
  return { summary, hosts: [...records].map(([name, record]) => record.of(name)) };
}
