import type { Prediction } from "../kernel/change.ts";
import { NoAnswer, type Question } from "../kernel/fact.ts";
import { type Expectation, type Identity, identityKey } from "../kernel/target.ts";

/** What a decision may stand on: the answer, and the record that must still be there when the decision is acted on. */
export interface Known {
  readonly value: unknown;
  /** Undefined where the record cannot be told from the value: such an answer cannot be guarded. */
  readonly record: string | Buffer | undefined;
  /** Set when the answer is not observed but predicted by this task. */
  readonly predictedBy?: string;
}

interface Predicted {
  readonly prediction: Prediction;
  readonly by: string;
}

/** What a host has answered and, over it, what planned steps lead to. The overlay is copied, the answers are shared. */
export class Knowledge {
  readonly #answers: Map<string, unknown>;
  readonly #overlay: Map<string, Predicted>;

  constructor(answers: Map<string, unknown> = new Map(), overlay: Map<string, Predicted> = new Map()) {
    this.#answers = answers;
    this.#overlay = overlay;
  }

  /** The same answers under an overlay of its own. */
  fork(): Knowledge {
    return new Knowledge(this.#answers, new Map(this.#overlay));
  }

  /** Answers of one identity; the overlay is common to all. */
  learn(as: string, answers: ReadonlyMap<string, unknown>): void {
    for (const [id, value] of answers) this.#answers.set(`${as} ${id}`, value);
  }

  /** After a step nothing observed before it counts. */
  forgetAnswers(): void {
    this.#answers.clear();
  }

  predict(predictions: readonly Prediction[], by: string): void {
    for (const prediction of predictions) this.#overlay.set(prediction.question.object, { prediction, by });
  }

  /** What was observed, whatever is predicted. */
  answer(identity: Identity, question: Question): unknown {
    return this.#answers.get(`${identityKey(identity)} ${question.id}`);
  }

  /** What is known of the question, undefined when it has to be asked. */
  about(as: string, question: Question): Known | undefined {
    const predicted = this.#overlay.get(question.object);
    if (predicted) return fromPrediction(question, predicted);
    const id = `${as} ${question.id}`;
    if (!this.#answers.has(id)) return undefined;
    const value = this.#answers.get(id);
    return { value, record: recordOf(question, value) };
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
