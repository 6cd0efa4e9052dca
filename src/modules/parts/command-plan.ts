import type { z } from "zod";
import { inEnvironment } from "../../facts/environment.ts";
import { absent, type PathValue, path, something } from "../../facts/path.ts";
import { type ProbeKey, type ProbeValue, probe } from "../../facts/probe.ts";
import type { Change } from "../../kernel/change.ts";
import type { Answer, Question } from "../../kernel/fact.ts";
import type { Surroundings } from "../../kernel/module.ts";
import type { ExecStep, ScriptStep, StepResult } from "../../kernel/step.ts";
import { Secret } from "../../kernel/value.ts";
import { type CommandArguments, type commandResult, stdinOf } from "./command-fields.ts";
import { cleanPath } from "./file-path.ts";

interface CommandAnswers {
  readonly creates: readonly Answer<PathValue>[];
  readonly removes: readonly Answer<PathValue>[];
  readonly unless: readonly Answer<ProbeValue>[];
  readonly only_if: readonly Answer<ProbeValue>[];
  readonly reads: readonly Answer<ProbeValue>[];
}

/** The questions that tell whether the command is needed; with `reads`, the command itself. */
export function commandQuestions(a: CommandArguments, itself: ProbeKey, { environment, timeout }: Surroundings) {
  const at = (p: string | undefined): Question<PathValue>[] => (p === undefined ? [] : [path({ path: cleanPath(p), orSomething: true })]);
  const placed = {
    ...(a.chdir !== undefined && { chdir: a.chdir }),
    ...(a.looks_at && { looksAt: a.looks_at.map(cleanPath) }),
    ...inEnvironment(environment),
    ...(timeout !== undefined && { timeout }),
  };
  const ask = (text: string | undefined): Question<ProbeValue>[] => (text === undefined ? [] : [probe({ text, ...placed })]);
  const stdin = stdinOf(a);
  const asked = a.reads === true && { ...itself, ...placed, ...(typeof stdin === "string" && { stdin }) };
  return {
    creates: at(a.creates),
    removes: at(a.removes),
    unless: ask(a.unless),
    only_if: ask(a.only_if),
    reads: asked ? [probe(asked)] : [],
  };
}

/** Why the command is not needed, or undefined when it is. */
export function notNeeded(a: CommandArguments, facts: CommandAnswers): string | undefined {
  if (facts.creates.some((f) => f.value.type !== "absent")) return `${a.creates} is there`;
  if (facts.removes.some((f) => f.value.type === "absent")) return `${a.removes} is not there`;
  if (facts.unless.some((f) => f.value.rc === 0)) return "unless says that it is done";
  if (facts.only_if.some((f) => f.value.rc !== 0)) return "only_if says that there is nothing to do";
  return undefined;
}

/** The one change of a command: that it runs. What it leads to is only known by asking. */
export function commandPlan(
  a: CommandArguments,
  facts: CommandAnswers,
  step: ExecStep | ScriptStep,
  shown: string | Secret,
): readonly Change[] {
  // Looked at even by a question, so that a target that cannot answer fails the task.
  if (facts.reads.some((f) => f.value) || notNeeded(a, facts) !== undefined) return [];
  const stdin = stdinOf(a);
  const whole = { ...step, ...(a.chdir !== undefined && { chdir: a.chdir }), ...(stdin !== undefined && { stdin }) };
  const secret = shown instanceof Secret;
  const [first = "", ...rest] = secret ? [] : shown.trimEnd().split("\n");
  const more = rest.length;
  return [
    {
      subject: "command",
      fields: [
        {
          name: "run",
          before: undefined,
          after: secret ? shown : `${first}${more > 0 ? ` (and ${more} more line${more === 1 ? "" : "s"})` : ""}`,
          action: true,
        },
        ...(a.chdir === undefined ? [] : [{ name: "in", before: undefined, after: a.chdir, action: true as const, open: true as const }]),
      ],
      ...(!secret && more > 0 && { text: { name: "command", before: null, after: shown } }),
      steps: [whole],
      predicts: [
        ...facts.creates.map((f) => ({ question: f.question, value: something })),
        ...facts.removes.map((f) => ({ question: f.question, value: absent })),
      ],
      opaque: true,
      ...(secret && { secret }),
    },
  ];
}

/** After it ran, the question that said "needed" must say "not needed"; a question must have ended with 0. */
export function commandProof(a: CommandArguments, after: CommandAnswers): string | undefined {
  const [read] = after.reads;
  if (read) return read.value.rc === 0 ? undefined : `it ended with ${read.value.rc}${firstLine(read.value.stderr)}`;
  const asked = [a.creates, a.removes, a.unless, a.only_if].some((v) => v !== undefined);
  if (!asked || notNeeded(a, after) !== undefined) return undefined;
  if (a.creates !== undefined) return `it ran, but ${a.creates} is still not there`;
  if (a.removes !== undefined) return `it ran, but ${a.removes} is still there`;
  return a.unless === undefined
    ? `it ran, but only_if (${a.only_if}) still says that it is needed`
    : `it ran, but unless (${a.unless}) still says that it is needed`;
}

function firstLine(stderr: string): string {
  const line = stderr.trim().split("\n")[0] ?? "";
  return line === "" ? "" : `: ${line}`;
}

/** What `register` gets. */
export function commandResultOf(cmd: unknown, ran: readonly StepResult[], after: CommandAnswers): z.input<typeof commandResult> {
  const said: { readonly rc: number; readonly stdout: string; readonly stderr: string; readonly cut?: number | true } = ran.at(-1) ??
    after.reads[0]?.value ?? { rc: 0, stdout: "", stderr: "" };
  const stdout = said.stdout.replace(/[\r\n]+$/, "");
  const stderr = said.stderr.replace(/[\r\n]+$/, "");
  return { rc: said.rc, stdout, stderr, stdout_lines: linesOf(stdout), stderr_lines: linesOf(stderr), cut: said.cut !== undefined, cmd };
}

function linesOf(text: string): string[] {
  return text === "" ? [] : text.split(/\r?\n/);
}
