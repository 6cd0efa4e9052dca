import type { z } from "zod";
import type { ArgumentInput } from "./argumentinput.ts";
import type { Change } from "./change.ts";
import { Answer, type NoAnswer, type Question } from "./fact.ts";
import { unlessSilent, whySilent } from "./silence.ts";
import type { Environment, StepResult } from "./step.ts";

/**
 * state: a difference left after acting fails the task ("did not converge").
 * action: proved by `proof`, not compared (a restart, a command).
 * question: changes nothing.
 */
export type ModuleKind = "state" | "action" | "question";

/** Facts that a module asks for: by name, single or as a list. */
export type Questions = { readonly [name: string]: Question | readonly Question[] };

/** The answers to Questions, under the same names. */
export type Answers<Q extends Questions> = {
  readonly [N in keyof Q]: Q[N] extends Question<infer V>
    ? Answer<V>
    : Q[N] extends readonly Question<infer V>[]
      ? readonly Answer<V>[]
      : never;
};

/** The task cannot be done; `message` says why and the way out. A value, not a throw. */
export interface Refusal {
  readonly refused: string;
}

export function refusal(refused: string): Refusal {
  return { refused };
}

export interface Outcome<Q extends Questions> {
  /** The answers before acting. */
  readonly before: Answers<Q>;
  /** The answers after acting: asked, or predicted in check mode and inside a chain. Same as before when nothing was done. */
  readonly after: Answers<Q>;
  /** One per step that ran, in order; empty in check mode. */
  readonly ran: readonly StepResult[];
}

/** One example for the manual page; `args` must pass the schema (a test holds that). */
export interface Example {
  readonly title: string;
  /** A task as YAML, without the leading dash: `file: { path: /srv/media, state: directory }`. */
  readonly yaml: string;
}

/** What the keywords of a task say beside its arguments. The engine sees to the steps; questions take what matters to them. */
export interface Surroundings {
  readonly environment?: Environment;
  /** Seconds. */
  readonly timeout?: number;
}

/** One declaration: validation, help, manual page and editor schema all come from it. */
export interface ModuleDefinition<A extends z.ZodType, R extends z.ZodObject, Q extends Questions> {
  readonly name: string;
  readonly kind: ModuleKind;
  /** The kind for these arguments where it depends on them: systemd is a state, but with `state: restarted` an action. */
  readonly kindOf?: (args: z.output<A>) => ModuleKind;
  /** One sentence for lists; starts with a verb. */
  readonly summary: string;
  /** More sentences for the manual page. */
  readonly notes?: readonly string[];
  /** A z.strictObject, or a refinement or union of them; every field has `.describe()`. */
  readonly args: A;
  /** What `register` gets, beside changed, failed, skipped and msg, which every result has. */
  readonly result: R;
  readonly examples: readonly Example[];
  /** Other names from Ansible: `service` for systemd. */
  readonly aliases?: readonly string[];
  /** The argument that a bare text stands for: `command: uptime`. */
  readonly freeForm?: string;
  /** A free text may also be `name=x state=present`. */
  readonly keyValue?: true;
  readonly inputs?: Readonly<Record<string, ArgumentInput>>;
  /** Arguments that are secret by nature (`password`): the value becomes a Secret whatever it came from. */
  readonly secretArgs?: readonly string[];
  /** Runs on the controller only and asks no target: debug, fail, assert, set_fact. */
  readonly controller?: true;
  /** Its changes say how they are taken back (Change.undo), so that it may stand in a guarded block. */
  readonly undoable?: true;
  /** `how`: for questions that run what the user wrote, or that reach out of the target. */
  readonly facts: (args: z.output<A>, how: Surroundings) => Q;
  /** Pure. An empty list means that nothing is to be done. May throw LookedAtNoAnswer by reading an answer. */
  readonly plan: (args: z.output<A>, facts: Answers<Q>) => readonly Change[] | Refusal;
  /** What `register` gets. Default: nothing more than the common fields. */
  readonly resultOf?: (args: z.output<A>, outcome: Outcome<Q>) => z.input<R>;
  /** The part of the result that is known although the answers are predictions that leave something open; left out fields are then unknown. */
  readonly resultSoFar?: (args: z.output<A>, outcome: Outcome<Q>) => Readonly<Record<string, unknown>>;
  /** For kind action: undefined when the step proved itself, else what is wrong. */
  readonly proof?: (args: z.output<A>, outcome: Outcome<Q>) => string | undefined;
  /** Overrides "changed when there were changes". */
  readonly changed?: (args: z.output<A>, outcome: Outcome<Q>) => boolean;
  /** A line for the person, shown with the task whatever the verbosity: debug, assert. */
  readonly says?: (args: z.output<A>) => string | undefined;
  /** Variables that this task sets for the host: set_fact. */
  readonly sets?: (args: z.output<A>) => Readonly<Record<string, unknown>>;
}

/** Arguments that passed the schema, with everything that the engine may ask about them. */
export interface Prepared {
  /** The module's kind for these arguments. */
  readonly kind: ModuleKind;
  readonly questions: Questions;
  readonly plan: (answers: ReadonlyMap<string, unknown>) => readonly Change[] | Refusal;
  readonly resultOf: (o: RawOutcome) => Readonly<Record<string, unknown>>;
  readonly resultSoFar: (o: RawOutcome) => Readonly<Record<string, unknown>>;
  readonly proof: (o: RawOutcome) => string | undefined;
  readonly changed: ((o: RawOutcome) => boolean) | undefined;
  readonly says: string | undefined;
  readonly sets: Readonly<Record<string, unknown>> | undefined;
}

/** Answers by question id. */
export interface RawOutcome {
  readonly before: ReadonlyMap<string, unknown>;
  readonly after: ReadonlyMap<string, unknown>;
  readonly ran: readonly StepResult[];
}

export type PrepareResult =
  | { readonly ok: true; readonly prepared: Prepared }
  | { readonly ok: false; readonly issues: readonly ArgumentIssue[] };

export interface ArgumentIssue {
  /** Keys from the arguments downwards. */
  readonly path: readonly (string | number)[];
  readonly message: string;
  /** For a key that the schema does not know: the key, and all that it knows. */
  readonly unknownKey?: string;
}

/** A module with its types closed over, so that modules of all kinds fit one list. */
export interface Module {
  readonly name: string;
  readonly kind: ModuleKind;
  readonly summary: string;
  readonly notes: readonly string[];
  readonly args: z.ZodType;
  readonly result: z.ZodObject;
  readonly examples: readonly Example[];
  readonly aliases: readonly string[];
  readonly freeForm?: string;
  readonly keyValue: boolean;
  readonly inputs: Readonly<Record<string, ArgumentInput>>;
  readonly secretArgs: readonly string[];
  readonly controller: boolean;
  readonly undoable: boolean;
  /** Checks the arguments (all known) and binds the rest of the module to them. */
  readonly prepare: (raw: unknown, how?: Surroundings) => PrepareResult;
}

export function defineModule<A extends z.ZodType, R extends z.ZodObject, Q extends Questions>(d: ModuleDefinition<A, R, Q>): Module {
  return {
    name: d.name,
    kind: d.kind,
    summary: d.summary,
    notes: d.notes ?? [],
    args: d.args,
    result: d.result,
    examples: d.examples,
    aliases: d.aliases ?? [],
    ...(d.freeForm !== undefined && { freeForm: d.freeForm }),
    keyValue: d.keyValue ?? false,
    inputs: d.inputs ?? {},
    secretArgs: d.secretArgs ?? [],
    controller: d.controller ?? false,
    undoable: d.undoable ?? false,
    prepare(raw, how = {}) {
      const parsed = d.args.safeParse(raw);
      if (!parsed.success) return { ok: false, issues: issuesOf(parsed.error) };
      return { ok: true, prepared: bind(d, parsed.data, how) };
    },
  };
}

function bind<A extends z.ZodType, R extends z.ZodObject, Q extends Questions>(
  d: ModuleDefinition<A, R, Q>,
  args: z.output<A>,
  how: Surroundings,
): Prepared {
  const questions = d.facts(args, how);
  const outcome = (o: RawOutcome): Outcome<Q> => ({
    before: answersOf(questions, o.before),
    after: answersOf(questions, o.after),
    ran: o.ran,
  });
  const changed = d.changed;
  return {
    kind: d.kindOf?.(args) ?? d.kind,
    questions,
    plan: (answers) => d.plan(args, answersOf(questions, answers)),
    resultOf: (o) => unlessSilent({}, () => (d.resultOf ? (d.resultOf(args, outcome(o)) as Record<string, unknown>) : {})),
    resultSoFar: (o) => d.resultSoFar?.(args, outcome(o)) ?? {},
    proof: (o) => whySilent(() => d.proof?.(args, outcome(o))),
    changed: changed && ((o) => unlessSilent(true, () => changed(args, outcome(o)))),
    says: d.says?.(args),
    sets: d.sets?.(args),
  };
}

function answersOf<Q extends Questions>(questions: Q, values: ReadonlyMap<string, unknown>): Answers<Q> {
  const answer = (q: Question): Answer<unknown> => new Answer(q, values.get(q.id) as NoAnswer);
  return Object.fromEntries(
    Object.entries(questions).map(([name, q]) => [name, Array.isArray(q) ? q.map(answer) : answer(q as Question)]),
  ) as Answers<Q>;
}

/** All questions, flat, in the order of their names. */
export function flatQuestions(questions: Questions): readonly Question[] {
  return Object.values(questions).flat();
}

function issuesOf(error: z.ZodError): ArgumentIssue[] {
  return error.issues.flatMap((issue): ArgumentIssue[] => {
    const path = issue.path.filter((p) => typeof p !== "symbol");
    if (issue.code === "unrecognized_keys")
      return issue.keys.map((key) => ({ path: [...path, key], message: `unknown argument "${key}"`, unknownKey: key }));
    return [{ path, message: issue.message }];
  });
}
