import pc from "picocolors";

/** Colours by meaning, so that views never name a colour. */
export interface Paint {
  readonly ok: Ink;
  readonly changed: Ink;
  readonly bad: Ink;
  readonly dim: Ink;
  readonly strong: Ink;
  readonly added: Ink;
  readonly removed: Ink;
  /** Inside a text that has a colour already. */
  readonly stress: Ink;
  readonly place: Ink;
}

type Ink = (text: string) => string;

/** Real colours, or none at all. */
export function paint(colour: boolean): Paint {
  const c = pc.createColors(colour);
  return {
    ok: c.green,
    changed: c.yellow,
    bad: c.red,
    dim: c.dim,
    strong: c.bold,
    added: c.green,
    removed: c.red,
    stress: c.inverse,
    place: c.cyan,
  };
}
