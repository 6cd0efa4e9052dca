import type { StepResult } from "../kernel/step.ts";
import type { LinkResult } from "../kernel/target.ts";
import { firstDifference } from "./blocks.ts";
import { readGroup } from "./groups.ts";
import type { NumberedStep, Script } from "./script.ts";
import { okCodes } from "./steps.ts";
import type { Said, Transcript } from "./transcript.ts";
import { refusals } from "./write.ts";

/** A step that did not end in time. */
export interface Overdue {
  readonly step: number;
  readonly seconds: number;
}

/** Exit code of a step that was killed at its bound, as `timeout` has it. */
const timedOutCode = 124;
/** Exit code of a shell that did not find the program. */
const notFound = 127;

/**
 * What became of each link that was begun. `overdue` is the step that was killed at its bound. Ends early,
 * without a word about the link where it ended, when the script was lost.
 */
export function linkResults(script: Script, transcript: Transcript, overdue?: Overdue): LinkResult[] {
  const results: LinkResult[] = [];
  const steps = new Map<number, NumberedStep[]>();
  for (const s of script.steps) {
    const mine = steps.get(s.link);
    if (mine) mine.push(s);
    else steps.set(s.link, [s]);
  }
  const { blocks, acting } = script.chain;
  let next = 0;
  const ran = new Map<number, StepResult[]>();
  const doneUpTo = (end: number): void => {
    for (; next < end; next++) results.push({ status: "done", ran: ran.get(next) ?? [] });
  };
  for (const [i, block] of blocks.entries()) {
    const link = acting[i];
    const stopped = stoppedAt(i, script, transcript);
    if (stopped) {
      const hold = firstDifference(block, stopped);
      if (!hold) return results;
      doneUpTo(hold.link);
      if (hold.role === "guard") results.push({ status: "moved", question: hold.expectation.question });
      else results.push({ status: "unverified", ran: ran.get(hold.link) ?? [] });
      return results;
    }
    if (link === undefined) break;
    const mine = steps.get(link) ?? [];
    const first = mine[0];
    if (!first || !transcript.steps.has(first.number)) return results;
    doneUpTo(link);
    const { done, failed, why } = run(mine, transcript, overdue);
    ran.set(link, done);
    if (failed) {
      results.push({ status: "failed", ran: done, why });
      return results;
    }
    if (done.length < mine.length) return results;
  }
  if (transcript.linked) doneUpTo(script.links);
  return results;
}

/** The values that a block saw instead of the expected ones, when it stopped the chain. */
function stoppedAt(block: number, script: Script, transcript: Transcript): Map<string, unknown> | undefined {
  const groups = script.chain.blocks[block]?.groups ?? [];
  const seen = new Map<string, unknown>();
  let stopped = false;
  groups.forEach((group, g) => {
    const told = transcript.seen.get(`${block} ${g}`);
    if (!told) return;
    stopped = true;
    for (const [id, value] of readGroup(group, told.text ?? Buffer.from("\0"))) seen.set(id, value);
  });
  return stopped ? seen : undefined;
}

function run(
  steps: readonly NumberedStep[],
  transcript: Transcript,
  overdue: Overdue | undefined,
): { done: StepResult[]; failed: boolean; why: string } {
  const done: StepResult[] = [];
  for (const numbered of steps) {
    const said = transcript.steps.get(numbered.number);
    if (!said) break;
    const late = overdue?.step === numbered.number ? overdue : undefined;
    if (said.rc === undefined && !late) break;
    const result = resultOf(said, numbered, late !== undefined);
    done.push(result);
    if (late || !okCodes(numbered.step).includes(result.rc)) return { done, failed: true, why: whyOf(numbered, said, late) };
  }
  return { done, failed: false, why: "" };
}

function resultOf(said: Said, { hopeless }: NumberedStep, late: boolean): StepResult {
  const cut = said.stdout.cut + said.stderr.cut;
  return {
    rc: late ? timedOutCode : (said.rc ?? timedOutCode),
    stdout: said.stdout.text(),
    stderr: hopeless ?? said.stderr.text(),
    seconds: ((said.ended ?? performance.now()) - said.begun) / 1000,
    ...(cut > 0 && { cut }),
    ...(late && { timedOut: true as const }),
  };
}

function whyOf({ step, hopeless }: NumberedStep, said: Said, overdue: Overdue | undefined): string {
  if (hopeless !== undefined) return hopeless;
  const name =
    step.do === "exec"
      ? step.argv[0]
      : step.do === "write" || step.do === "upload"
        ? `writing ${step.path}`
        : step.do === "download"
          ? `fetching ${step.path}`
          : "the script";
  if (overdue) return `${name} did not end within ${overdue.seconds} s and was killed`;
  const refusal = said.refused === undefined ? undefined : refusals[said.refused];
  if (refusal !== undefined && "path" in step) return `${step.path}: ${refusal}`;
  if (said.rc === notFound && step.do === "exec")
    return `${name} ended with exit code ${said.rc}: it, or a program that it calls, is not on this host`;
  return `${name} ended with exit code ${said.rc}`;
}
