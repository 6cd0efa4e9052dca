import { relative, resolve } from "node:path";
import { refuse } from "../kernel/diagnostic.ts";
import type { Span } from "../kernel/span.ts";

/** Throws Refused when the file is being read already, further up the chain of includes. */
export function refuseCycle(path: string, via: readonly Span[], at: Span): void {
  const files = via.map((span) => resolve(span.source.path));
  const first = files.indexOf(path);
  if (first < 0) return;
  const chain = [...files.slice(first).filter((f, i, all) => f !== all[i - 1]), path].map(short).join(" → ");
  refuse(`this include never ends: ${chain}`, at, "remove one of the includes of this circle");
}

/** A path for people. */
export function short(path: string): string {
  const fromHere = relative(process.cwd(), path);
  return fromHere === "" || fromHere.startsWith("..") ? path : fromHere;
}
