import { createHash } from "node:crypto";
import fc from "fast-check";

export type Task = Record<string, unknown>;
type Arg = fc.Arbitrary<unknown>;
/** Tasks with how often each comes up. */
export type Weighted = readonly (readonly [number, fc.Arbitrary<Task>])[];

export const one = fc.constantFrom<unknown[]>;

/** An argument that may be left out. */
export const maybe = (value: Arg): Arg => fc.option(value, { nil: undefined });

/** A task of this module; arguments that are undefined are left out. */
export function of(module: string, args: Readonly<Record<string, Arg>>): fc.Arbitrary<Task> {
  return fc.record(args).map((a) => ({ [module]: Object.fromEntries(Object.entries(a).filter(([, value]) => value !== undefined)) }));
}

export const file = one(
  "/lab/a",
  "/lab/a",
  "/lab/a",
  "/lab/a",
  "/lab/b.conf",
  "/lab/b.conf",
  "/lab/d1/a",
  "/lab/d1/a",
  "/lab/d2/a",
  "/lab/link/a",
  "/lab/legacy",
  "/home/late/note",
  "/home/admin/note",
  "/etc/webd/webd.conf",
);

/** As a checksum is written. */
export const sha = (content: string): string => `sha256:${createHash("sha256").update(content).digest("hex")}`;
