import { z } from "zod";

const octal = /^0?[0-7]{3,4}$/;
const clause = /^([ugoa]+)((?:[-+=](?:[rwxXst]*|[ugo]))+)$/;

/** `mode`: octal digits in quotes, or symbols with their class (`u=rwX,g=rX,o=`). */
export const modeArgument = z
  .string({
    error: ({ input }) => (typeof input === "number" ? `a mode is text: write it in quotes with a leading zero, "0${input}"` : undefined),
  })
  .refine((mode) => octal.test(mode) || mode.split(",").every((c) => clause.test(c)), {
    error: ({ input }) =>
      input === "preserve"
        ? `"preserve" is not known here: write the mode, "0644"`
        : `"${String(input)}" is not a mode: write octal digits in quotes, "0644", or symbols with their class, "u=rwX,g=rX,o="`,
  });

/** Four octal digits out of a mode argument. Symbols count from `from`, the mode that the file has or would get. */
export function modeAfter(mode: string, from: string, directory: boolean): string {
  if (octal.test(mode)) return mode.slice(-4).padStart(4, "0");
  let bits = Number.parseInt(from, 8);
  for (const part of mode.split(",")) {
    const [, who = "", actions = ""] = clause.exec(part) ?? [];
    for (const [, operator = "", what = ""] of actions.matchAll(/([-+=])([rwxXst]+|[ugo]|)/g))
      bits = apply(bits, who, operator, what, directory);
  }
  return bits.toString(8).padStart(4, "0");
}

const shifts = { u: 6, g: 3, o: 0 } as const;

function apply(bits: number, who: string, operator: string, what: string, directory: boolean): number {
  const classes = who.includes("a") ? (["u", "g", "o"] as const) : (["u", "g", "o"] as const).filter((c) => who.includes(c));
  const executable = directory || (bits & 0o111) !== 0;
  let set = 0;
  let all = 0;
  for (const c of classes) {
    const shift = shifts[c];
    all |= 0o7 << shift;
    if (c === "u") all |= directory ? 0 : 0o4000;
    if (c === "g") all |= directory ? 0 : 0o2000;
    if (who.includes("a") || c === "o") all |= 0o1000;
    const triple = what === "u" || what === "g" || what === "o" ? (bits >> shifts[what]) & 0o7 : tripleOf(what, executable);
    set |= triple << shift;
    if (what.includes("s") && c === "u") set |= 0o4000;
    if (what.includes("s") && c === "g") set |= 0o2000;
  }
  if (what.includes("t")) set |= 0o1000;
  if (operator === "+") return bits | set;
  return operator === "-" ? bits & ~set : (bits & ~all) | set;
}

function tripleOf(what: string, executable: boolean): number {
  return (what.includes("r") ? 4 : 0) | (what.includes("w") ? 2 : 0) | (what.includes("x") || (what.includes("X") && executable) ? 1 : 0);
}
