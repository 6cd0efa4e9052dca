import type { ApiKind } from "./api.ts";
import type { ApiClient } from "./apiclient.ts";
import { type Ask, defineFact, type Fact, type NoAnswer } from "./fact.ts";
import { Shell } from "./sh.ts";

/** A kind of question to an API. Values are plain JSON in canonical form: what the API changes by itself is not in it. */
export interface ApiFact<K, V> extends Pick<Fact<K, V>, "absent" | "brought" | "within" | "ifChanged" | "settle"> {
  readonly kind: string;
  /** One sentence: what the answer says. */
  readonly summary: string;
  /** APIs that can answer it. */
  readonly api: readonly ApiKind[];
  object(key: K): string;
  /** One answer per key, in their order; many keys cost as few requests as possible. */
  readonly ask: (client: ApiClient, keys: readonly K[]) => Promise<readonly (V | NoAnswer)[]>;
}

/** Declares a kind of question to an API. The record of an answer is its JSON with the keys in order. */
export function defineApiFact<K, V>({ api, ask, ...fact }: ApiFact<K, V>): Ask<K, V> {
  return defineFact<K, V>({
    ...fact,
    script: () => Shell.trusted("false"),
    read: (stdout) =>
      stdout
        .toString()
        .trimEnd()
        .split("\n")
        .map((line) => JSON.parse(line) as V),
    write: (_, value) => `${inOrder(value)}\n`,
    api: { kinds: api, ask: ask as NonNullable<Fact<unknown, V>["api"]>["ask"] },
  });
}

function inOrder(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(inOrder).join()}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value ?? null);
  const entries = Object.entries(value).filter(([, v]) => v !== undefined);
  return `{${entries
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([k, v]) => `${JSON.stringify(k)}:${inOrder(v)}`)
    .join()}}`;
}
