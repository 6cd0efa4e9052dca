import type { ApiKind } from "./api.ts";
import type { ApiClient } from "./apiclient.ts";
import type { Shell } from "./sh.ts";

/**
 * A kind of question about a target. Many keys of one kind are one script, so the cost of a question is its share of a
 * batch. Reading must be exact: `read` and `write` are inverse to each other on every text that `script` can print.
 */
export interface Fact<K, V> {
  readonly kind: string;
  /** One sentence: what the answer says. */
  readonly summary: string;
  /** The thing asked about, without how much of it is asked: predictions about `/etc/motd` land on `path /etc/motd`. */
  object(key: K): string;
  /**
   * POSIX text, read-only, that prints one record per key, in the order of the keys, and nothing else.
   * It runs inside a shell function: it may not `exit`, must not read stdin and may set only variables that start with `_`.
   */
  script(keys: readonly K[]): Shell;
  /**
   * The same records, left in the variable `_o` instead of printed, so that no child is needed to catch them. It runs in the shell
   * that goes on, so it leaves options and IFS as they were.
   */
  collect?(keys: readonly K[]): Shell;
  /** Shell functions that `collect` calls, defined once a script. Their names begin with `_`. */
  readonly functions?: readonly Shell[] | undefined;
  /** The records of `script(keys)`, in their order. Throws on a text that the script cannot have printed. */
  read(stdout: Buffer, keys: readonly K[]): readonly (V | NoAnswer)[];
  /** The exact record that `script([key])` would print if the target were in this state; undefined where that cannot be told. */
  write?(key: K, value: V): string | Buffer | undefined;
  /** Nothing is there. Behind a step whose effects cannot be told, check mode does not count on that. */
  absent?(value: V): boolean;
  /** What the answer may be once a planned step has brought what is missing, marked like a prediction where that is open. */
  brought?(key: K, value: V | NoAnswer): V | undefined;
  /** Whether check mode may decide on a predicted value that `write` cannot write in full: what is open in it is marked, and plans know the mark. */
  enough?(key: K, value: V): boolean;
  /** The objects of the same kind that it goes away with: the folders above a path. */
  within?(key: K): readonly string[];
  /** What the answer may become when that object of another kind (`path /etc/apt/sources.list`) changes; undefined: it does not hang on it. */
  ifChanged?(key: K, value: V, object: string): V | NoAnswer | undefined;
  /** The files and folders that an answer without `write` hangs on, where the user tells them; undefined: it may hang on every file. */
  files?(key: K): readonly string[] | undefined;
  /** A key of the same kind whose record proves as well that the object has this value, for less. */
  proofKey?(key: K, value: V): unknown;
  /** The answer counts only after it was the same for `hold` seconds; waited for at most `within` seconds. Asked so only right after a step. */
  readonly settle?: { readonly hold: number; readonly within: number };
  /**
   * Set for questions that run the user's own text (`unless`, `reads`): asked in the work shell, one by one. Ahead of its
   * task only while nothing is pending before it, or while nothing was done on the host and all before was found as declared.
   */
  readonly runsUserText?: true;
  /** Seconds that this question may take, where it runs the user's text and that is not the usual. */
  bound?(key: K): number | undefined;
  /** Set for questions to an API: then `script` is never run. */
  readonly api?: {
    readonly kinds: readonly ApiKind[];
    ask(client: ApiClient, keys: readonly K[]): Promise<readonly (V | NoAnswer)[]>;
  };
}

/** One question: a kind and a key. Two questions with the same `id` are the same question. */
export interface Question<V = unknown> {
  readonly fact: Fact<unknown, V>;
  readonly key: unknown;
  readonly id: string;
  /** `kind object`: where predictions land. */
  readonly object: string;
}

/** The target could not answer. A failure only for the plan that looks at the value. */
export class NoAnswer {
  readonly why: string;
  constructor(why: string) {
    this.why = why;
  }
}

/** Thrown by `Answer.value` when there is none; the engine turns it into a failed (or, in check mode, maybe) task. */
export class LookedAtNoAnswer extends Error {
  readonly question: Question;
  readonly why: string;
  constructor(question: Question, why: string) {
    super(`${question.object}: ${why}`);
    this.question = question;
    this.why = why;
  }
}

/** What a plan sees of one question. */
export class Answer<V> {
  readonly question: Question<V>;
  readonly #value: V | NoAnswer;
  constructor(question: Question<V>, value: V | NoAnswer) {
    this.question = question;
    this.#value = value;
  }
  /** Throws LookedAtNoAnswer when the target could not tell. */
  get value(): V {
    if (this.#value instanceof NoAnswer) throw new LookedAtNoAnswer(this.question, this.#value.why);
    return this.#value;
  }
  get missing(): NoAnswer | undefined {
    return this.#value instanceof NoAnswer ? this.#value : undefined;
  }
}

/** A fact kind that was defined: call it with a key to get the question. */
export interface Ask<K, V> {
  (key: K): Question<V>;
  readonly fact: Fact<K, V>;
}

/** Declares a kind of question. The key is plain data; its JSON is the identity of the question. */
export function defineFact<K, V>(fact: Fact<K, V>): Ask<K, V> {
  return Object.assign((key: K) => questionOf(fact, key), { fact });
}

export function questionOf<K, V>(fact: Fact<K, V>, key: K): Question<V> {
  return {
    fact: fact as Fact<unknown, V>,
    key,
    id: `${fact.kind} ${JSON.stringify(key)}`,
    object: `${fact.kind} ${fact.object(key)}`,
  };
}
