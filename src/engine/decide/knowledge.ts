import type { Change, Prediction } from "../../kernel/change.ts";
import { NoAnswer, type Question } from "../../kernel/fact.ts";
import { type Expectation, type Identity, identityKey } from "../../kernel/target.ts";

/** What a decision may stand on: the answer, and the record that must still be there when the decision is acted on. */
export interface Known {
  readonly value: unknown;
  /** Undefined where the record cannot be told from the value: such an answer cannot be guarded. */
  readonly record: string | Buffer | undefined;
  /** Set when the answer is not observed but predicted by this task. */
  readonly predictedBy?: string;
}

/** A task that is planned, and its place among them. */
interface Mark {
  readonly by: string;
  readonly at: number;
}

interface Predicted extends Mark {
  readonly prediction: Prediction;
  /** It rests on what a planned step is only assumed to bring. */
  readonly assumed: boolean;
}

/** An answer that may be another one when its task comes. */
export interface Doubt {
  readonly by: string;
  readonly instead: unknown;
}

const unknowable = new NoAnswer("not known before earlier tasks have run");

/** What a host has answered and, over it, what planned steps lead to. The overlay is copied, the answers are shared. */
export class Knowledge {
  /** Nothing was done on the host yet. */
  isUntouched = true;
  /** When the host was last asked, in milliseconds since 1970. */
  askedAt = 0;
  readonly #answers: Map<string, unknown>;
  /** Those that may hang on anything, also on other hosts. */
  readonly #open = new Set<string>();
  readonly #overlay: Map<string, Predicted>;
  /** What was predicted to go away last, with everything inside it. */
  readonly #gone: Map<string, Predicted>;
  #last: Mark | undefined;
  #opaque: Mark | undefined;

  constructor(answers = new Map<string, unknown>(), overlay = new Map<string, Predicted>(), gone = new Map<string, Predicted>()) {
    this.#answers = answers;
    this.#overlay = overlay;
    this.#gone = gone;
  }

  /** The same answers under an overlay of its own. */
  fork(): Knowledge {
    const fork = new Knowledge(this.#answers, new Map(this.#overlay), new Map(this.#gone));
    fork.#last = this.#last;
    fork.#opaque = this.#opaque;
    fork.isUntouched = this.isUntouched;
    return fork;
  }

  /** What was answered, without what is planned. */
  observed(): Knowledge {
    const observed = new Knowledge(new Map(this.#answers));
    observed.askedAt = this.askedAt;
    return observed;
  }

  /** Answers of one identity, by question; the overlay is common to all. */
  learn(as: string, answers: ReadonlyMap<Question, unknown>): void {
    for (const [{ id, fact }, value] of answers) {
      this.#answers.set(`${as} ${id}`, value);
      if (!fact.write) this.#open.add(`${as} ${id}`);
    }
  }

  /** After a step on another host. */
  forgetOpen(): void {
    for (const id of this.#open) this.#answers.delete(id);
    this.#open.clear();
  }

  /** After a step nothing observed before it counts. */
  forgetAnswers(): void {
    this.#answers.clear();
    this.#open.clear();
  }

  /** The task `by` is planned with these changes. `assumed`: objects of which it took for granted what a planned step brings. */
  plan(changes: readonly Change[], by: string, assumed: ReadonlySet<string> = new Set()): void {
    const mark = { by, at: (this.#last?.at ?? 0) + 1 };
    this.#last = mark;
    for (const prediction of changes.flatMap((c) => c.predicts)) {
      const { question, value } = prediction;
      const { object } = question;
      const next = { ...mark, prediction, assumed: assumed.has(object) || (this.#overlay.get(object)?.assumed ?? false) };
      // Deleted first: what is predicted last stands last.
      this.#overlay.delete(object);
      this.#overlay.set(object, next);
      if (question.fact.absent?.(value)) this.#gone.set(object, next);
    }
    if (changes.some((c) => c.opaque)) this.#opaque = mark;
  }

  /** Whether the task `by` acts, and what it then does, cannot be told. */
  cloud(by: string): void {
    this.#last = { by, at: (this.#last?.at ?? 0) + 1 };
    this.#opaque = this.#last;
  }

  /** The last planned task that may change what a program of the user answers. */
  unsettles({ fact, key }: Question): string | undefined {
    const files = fact.files?.(key);
    if (!files) return this.#last?.by;
    let newest: Mark | undefined = this.#opaque;
    for (const [object, mark] of this.#overlay) if (mark.at > (newest?.at ?? 0) && !isOtherFile(object, files)) newest = mark;
    return newest?.by;
  }

  /** The last planned task whose effects cannot be told, if there is one. */
  get lastOpaque(): string | undefined {
    return this.#opaque?.by;
  }

  /** What was observed, whatever is predicted. */
  answer(identity: Identity, question: Question): unknown {
    return this.#answers.get(`${identityKey(identity)} ${question.id}`);
  }

  /** What is known of the question, undefined when it has to be asked. */
  about(as: string, question: Question): Known | undefined {
    const predicted = this.#predicted(question);
    if (predicted) return fromPrediction(question, predicted);
    const id = `${as} ${question.id}`;
    if (!this.#answers.has(id)) return undefined;
    const value = this.#answers.get(id);
    return { value, record: recordOf(question, value) };
  }

  /** The planned task that may change this answer in a way that nothing predicts, and what it may become; undefined when there is none. */
  doubt(question: Question, value: unknown): Doubt | undefined {
    const { fact, key } = question;
    const predicted = this.#predicted(question);
    if (predicted?.assumed) return { by: predicted.by, instead: unknowable };
    const since = predicted?.at ?? 0;
    // Answers of programs, of the user's own text too, may hang on everything.
    if (!fact.write) {
      const by = this.unsettles(question);
      return by === undefined ? undefined : { by, instead: unknowable };
    }
    if (value instanceof NoAnswer || fact.absent?.(value))
      return this.#opaque && this.#opaque.at > since ? { by: this.#opaque.by, instead: unknowable } : undefined;
    if (!fact.ifChanged) return undefined;
    for (const [object, { at, by }] of [...this.#overlay].reverse()) {
      const instead = at > since ? fact.ifChanged(key, value, object) : undefined;
      if (instead !== undefined) return { by, instead };
    }
    return undefined;
  }

  /** Predicted itself, or gone with what it is in. */
  #predicted(question: Question): Predicted | undefined {
    let newest = this.#overlay.get(question.object);
    for (const object of this.#gone.size > 0 ? (question.fact.within?.(question.key) ?? []) : []) {
      const gone = this.#gone.get(object);
      if (gone && gone.at > (newest?.at ?? 0)) newest = gone;
    }
    return newest;
  }
}

/**
 * A prediction is about the object as a whole; the question may want only a part of it. Writing the record and reading it back
 * gives exactly what the plan would see, or undefined in `record` where the prediction does not say enough.
 */
function fromPrediction(question: Question, predicted: Predicted): Known {
  const { value } = predicted.prediction;
  const record = question.fact.write?.(question.key, value);
  if (record === undefined) return { value, record: undefined, predictedBy: predicted.by };
  const [read] = question.fact.read(Buffer.from(record), [question.key]);
  return { value: read, record, predictedBy: predicted.by };
}

/** A file that is none of these, is in none of them and holds none of them. */
function isOtherFile(object: string, files: readonly string[]): boolean {
  if (!object.startsWith("path ")) return false;
  const path = object.slice("path ".length);
  const holds = (outer: string, inner: string): boolean => inner === outer || inner.startsWith(outer === "/" ? "/" : `${outer}/`);
  return !files.some((file) => holds(file, path) || holds(path, file));
}

function recordOf(question: Question, value: unknown): string | Buffer | undefined {
  return value instanceof NoAnswer ? undefined : question.fact.write?.(question.key, value);
}

/** The expectations that guard these answers, or undefined when one of them cannot be guarded. */
export function expectations(known: readonly { readonly question: Question; readonly known: Known }[]): Expectation[] | undefined {
  const all: Expectation[] = [];
  for (const {
    question,
    known: { record },
  } of known) {
    if (record === undefined) return undefined;
    all.push({ question, text: record });
  }
  return all;
}
