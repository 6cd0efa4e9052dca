import { type ChangedField, differences } from "./difference.ts";
import type { Answer, Question } from "./fact.ts";
import type { Step } from "./step.ts";
import type { Undo } from "./undo.ts";

export type { ChangedField } from "./difference.ts";

/** One difference between what is and what shall be, the steps that remove it, and what they are known to lead to. */
export interface Change {
  /** What a person calls the thing: `file /etc/motd`, `unit nginx`. */
  readonly subject: string;
  /** What is shown: field by field. `undefined` means absent. */
  readonly fields: readonly ChangedField[];
  /** Whole texts to be shown as a unified diff. */
  readonly text?: ChangedText;
  readonly steps: readonly Step[];
  readonly predicts: readonly Prediction[];
  /**
   * True when the steps may do more than `predicts` says (package scripts, commands, service starts): the chain ends
   * behind them. Predictions then serve check mode only.
   */
  readonly opaque: boolean;
  /** What opaque steps may do beside the prediction hardly touches other tasks: the chain goes on behind them, guarded as ever. */
  readonly goesOn?: true;
  /** The desired side is secret, so neither side is ever shown, but for fields that are open; fingerprints tell that it moved. */
  readonly secret?: boolean;
  /** Reported, not failed: it shows only after this. */
  readonly pending?: "reboot" | "propagation";
  /** How the steps that are no whole files are taken back; without it they have no place in a guarded block. */
  readonly undo?: Undo;
}

/** null where there is no file. */
export interface ChangedText {
  readonly name: string;
  readonly before: string | null;
  readonly after: string | null;
}

/** After the steps this object is in this state. It answers every question about the object. */
export interface Prediction<V = unknown> {
  /** Any question about the object. */
  readonly question: Question<V>;
  readonly value: V;
}

export interface ChangeHow {
  readonly do: readonly Step[];
  readonly opaque?: boolean;
  readonly goesOn?: true;
  readonly text?: ChangedText;
  readonly secret?: boolean;
  readonly subject?: string;
  /** Further objects that the steps change in a known way. */
  readonly also?: readonly Prediction[];
  readonly pending?: "reboot" | "propagation";
  readonly undo?: Undo;
}

/**
 * The usual change: this answer, with these fields otherwise. `change(facts.unit, { active: true }, { do: [exec(...)] })`
 * shows the fields that differ and predicts the answer with the patch applied.
 */
export function change<V extends object>(answer: Answer<V>, patch: Partial<V>, how: ChangeHow): Change {
  const before = answer.value;
  const after: V = { ...before, ...patch };
  const fields = Object.keys(patch).flatMap((name) => differences(name, before[name as keyof V], after[name as keyof V]));
  return {
    subject: how.subject ?? answer.question.object,
    fields,
    steps: how.do,
    predicts: [{ question: answer.question, value: after }, ...(how.also ?? [])],
    opaque: how.opaque ?? false,
    ...(how.goesOn && { goesOn: true }),
    ...(how.text && { text: how.text }),
    ...(how.secret && { secret: true }),
    ...(how.pending && { pending: how.pending }),
    ...(how.undo && { undo: how.undo }),
  };
}
