import type { Value } from "../../kernel/value.ts";

/** The context of a block: `this`, `@index` and the names of `as |item index|`. */
export interface Frame {
  readonly context: Value;
  readonly names: ReadonlyMap<string, Value>;
  readonly data: { readonly index?: number; readonly key?: string | number; readonly first?: boolean; readonly last?: boolean };
  /** undefined: the frame stands at the top, around it is the scope. */
  readonly outer: Frame | undefined;
}

/** The frame of a block; `second` is what the second name of `as |item second|` stands for. */
export function frameOf(
  names: readonly string[],
  context: Value,
  second: Value | undefined,
  data: Frame["data"],
  outer: Frame | undefined,
): Frame {
  const bound = new Map<string, Value>();
  if (names[0] !== undefined) bound.set(names[0], context);
  if (names[1] !== undefined && second !== undefined) bound.set(names[1], second);
  return { context, names: bound, data, outer };
}
