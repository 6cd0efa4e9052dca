import { setTimeout as sleep } from "node:timers/promises";
import type { ReturnStep } from "../../kernel/step.ts";
import type { Identity, Link, Target } from "../../kernel/target.ts";
import { type Reconnect, reach } from "../guard/guardreach.ts";

/** Seconds between two tries when the host said no: an sshd counts refusals, and a host that boots refuses for a while. */
const calm = 7;

export interface Comeback {
  readonly reconnect: Reconnect;
  readonly as: Identity;
  /** The host goes on over this connection; what is still missing, or undefined when all is well. */
  readonly proved: (target: Target) => Promise<string | undefined>;
  readonly signal?: AbortSignal;
}

/** The host is back, or why not; `reached`: it could be entered in the end. */
export type Returned = "back" | { readonly why: string; readonly reached: boolean };

/** Waits for a host that went away, or that is not there yet. */
export async function waitForReturn(step: ReturnStep, { reconnect, as, proved, signal }: Comeback): Promise<Returned> {
  const rest = (seconds: number): Promise<unknown> =>
    sleep(seconds * 1000, undefined, { ...(signal && { signal }) }).catch(() => undefined);
  await rest(step.delay);
  const until = performance.now() + step.within * 1000;
  for (;;) {
    if (signal?.aborted) return { why: "interrupted", reached: false };
    const target = await reach(reconnect, undefined, [as], step.connect);
    const obstacle = "why" in target ? target : undefined;
    const why = "why" in target ? target.why : ((await proved(target)) ?? (await tested(step, target, as)));
    if (why === undefined) {
      await rest(step.after ?? 0);
      return "back";
    }
    const pause = obstacle?.refused ? Math.max(calm, step.sleep) : step.sleep;
    if (obstacle?.final || performance.now() + pause * 1000 > until) return { why, reached: !obstacle };
    await rest(pause);
  }
}

async function tested({ test, connect }: ReturnStep, target: Target, as: Identity): Promise<string | undefined> {
  if (test === undefined) return undefined;
  const link: Link = { guard: [], steps: [{ do: "script", text: test, timeout: connect }], verify: [] };
  const performed = await target.perform({ as, lane: "work", links: [link], ask: [], timeout: connect + 5 });
  if (performed.status !== "done") return performed.why;
  const [result] = performed.links;
  return result?.status === "done" ? undefined : `the test command does not succeed${result && "why" in result ? `: ${result.why}` : ""}`;
}
