import type { OwnStep, PauseStep, ReturnStep, StepResult } from "../../kernel/step.ts";
import type { Identity } from "../../kernel/target.ts";
import type { Planned } from "../decide/planned.ts";
import type { Acting } from "./acted.ts";
import { waitForReturn } from "./comeback.ts";
import type { HostRunOptions } from "./hostrunoptions.ts";
import type { Talk } from "./talk.ts";

export interface AsideOptions extends Pick<HostRunOptions, "reconnect" | "adopt" | "pause" | "signal"> {
  readonly talk: Talk;
}

/** A task that is alone in its chain and whose own step comes now, and what its other steps led to. */
export interface Due<S extends OwnStep = OwnStep> {
  readonly planned: Planned;
  readonly step: S;
  readonly as: Identity;
  readonly acted: Acting;
}

/** Does the step that the engine does itself; gives the result of the exchange with that of the step in it. */
export async function doAside(due: Due, options: AsideOptions): Promise<Acting> {
  const { step, acted } = due;
  const [link] = acted.links;
  // A host that goes down may cut the line before it has told that the step is done.
  const went = step.do === "return" && acted.status === "lost" && !link;
  if (!went && link?.status !== "done") return acted;
  const ran = link?.status === "done" ? link.ran : [];
  return step.do === "return" ? waited({ ...due, step }, ran, options) : paused({ ...due, step }, ran, options);
}

async function paused({ planned, step }: Due<PauseStep>, ran: readonly StepResult[], { pause, talk }: AsideOptions): Promise<Acting> {
  const result = await pause(`${planned.stop.path.join(".")} ${planned.item ?? ""}`, step);
  talk.forget();
  const link =
    "why" in result ? ({ status: "failed", ran, why: result.why } as const) : ({ status: "done", ran: [...ran, result] } as const);
  return { status: "done", links: [link], answers: new Map() };
}

async function waited(
  { planned: { unit, decision }, step, as }: Due<ReturnStep>,
  ran: readonly StepResult[],
  { reconnect, adopt, talk, signal }: AsideOptions,
): Promise<Acting> {
  const started = performance.now();
  let answers: ReadonlyMap<string, unknown> = new Map();
  const returned = await waitForReturn(step, {
    reconnect,
    as,
    ...(signal && { signal }),
    proved: async (target) => {
      adopt(target);
      talk.revive(target);
      const said = await target.perform({ as, lane: "control", links: [], ask: unit?.questions ?? [], timeout: step.connect + 5 });
      if (said.status !== "done") return said.why;
      answers = said.answers;
      return unit?.prepared.proof({ before: decision?.before ?? new Map(), after: answers, ran });
    },
  });
  const waiting: StepResult = { rc: 0, stdout: "", stderr: "", seconds: (performance.now() - started) / 1000 };
  if (returned === "back") return { status: "done", links: [{ status: "done", ran: [...ran, waiting] }], answers };
  const why = `${returned.why} (waited ${Math.round(waiting.seconds)} s)`;
  if (returned.reached)
    return { status: "done", links: [{ status: "failed", ran: [...ran, { ...waiting, rc: 1 }], why }], answers: new Map() };
  return { status: "lost", gone: true, links: [], why: `the host did not come back: ${why}` };
}
