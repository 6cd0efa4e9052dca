import fc from "fast-check";
import type { DriftName } from "./drifts.ts";

/**
 * Something goes wrong around the n-th step that the host does, counted from 1.
 * drift: something else changes the machine: between the decision and the step (before), between the step and its proof (after), or between
 * the proof and the next task (proved). cut: the line or the shell goes away before the step acts, after that, or while it is proved.
 * fail: the step ends with another code or not in time, having acted or not.
 */
export type Fault =
  | { readonly step: number; readonly kind: "drift"; readonly when: "before" | "after" | "proved"; readonly what: DriftName }
  | { readonly step: number; readonly kind: "cut"; readonly when: "before" | "during" | "proving"; readonly of: "line" | "shell" }
  | { readonly step: number; readonly kind: "fail"; readonly how: "code" | "late"; readonly acts: boolean };

const step = fc.integer({ min: 1, max: 10 });

export const faultOf = (drifts: readonly DriftName[]): fc.Arbitrary<Fault> =>
  fc.oneof(
    {
      weight: 9,
      arbitrary: fc.record({
        step,
        kind: fc.constant("drift" as const),
        when: fc.constantFrom("before" as const, "after" as const, "proved" as const),
        what: fc.constantFrom(...drifts),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({
        step,
        kind: fc.constant("cut" as const),
        when: fc.constantFrom("before" as const, "during" as const, "proving" as const),
        of: fc.constantFrom("line" as const, "shell" as const),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        step,
        kind: fc.constant("fail" as const),
        how: fc.constantFrom("code" as const, "late" as const),
        acts: fc.boolean(),
      }),
    },
  );
