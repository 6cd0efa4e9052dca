import type { Forward, RouterState } from "../../facts/router/state.ts";
import { type Refusal, refusal } from "../../kernel/module.ts";
import type { RouterDriver, RouterEdit } from "./driver.ts";
import { collide, forwardText, overlap, portText, targetPorts } from "./ports.ts";

/** A forward that shall be there. */
export interface WantedForward extends Forward {
  readonly name: string;
  /** Its target needs no reservation. */
  readonly static: boolean;
}

export interface ForwardRules {
  readonly driver: RouterDriver;
  readonly forbidden: readonly number[];
  /** Ours that are not wanted go. */
  readonly only: boolean;
}

type Edits = readonly RouterEdit[] | Refusal;

/** What leads to these forwards, or why they may not be. What goes, goes first. */
export function forwardEdits(wanted: readonly WantedForward[], now: RouterState, rules: ForwardRules): Edits {
  const gone = rules.only ? now.forwards.filter((f) => f.name !== null && !wanted.some((w) => w.name === f.name)) : [];
  const edits: RouterEdit[] = gone.map((before) => ({ thing: "forward", before }));
  const made: RouterEdit[] = [];
  for (const [i, want] of wanted.entries()) {
    const twin = wanted.slice(0, i).find((w) => w.name === want.name || collide(w, want));
    const why = twin
      ? `${want.name} and ${twin.name} are for the same port, or have the same name`
      : (forbids(want, now, rules) ?? inTheWay(want, now.forwards, gone, wanted));
    if (why !== undefined) return refusal(why);
    const { static: _, ...after } = want;
    const [before, ...doubles] = now.forwards.filter((f) => f.name === want.name);
    edits.push(...doubles.map((double): RouterEdit => ({ thing: "forward", before: double })));
    if (!before) made.push({ thing: "forward", after });
    else if (differs(before, after)) edits.push({ thing: "forward", before, after: { ...after, id: before.id } });
  }
  return [...edits, ...made];
}

/** Ours of this name go; there may be two of them. */
export function removeForwards(name: string, now: RouterState): readonly RouterEdit[] {
  return now.forwards.filter((f) => f.name === name).map((before) => ({ thing: "forward", before }));
}

/** One of somebody else goes, by the name that the router shows. */
export function removeForeign(label: string, now: RouterState): Edits {
  const found = now.forwards.filter((f) => f.name === null && f.label === label);
  if (found.length > 1)
    return refusal(`${found.length} forwards are called "${label}": remove them in the router, or give them names of their own there`);
  return found.map((before) => ({ thing: "forward", before }));
}

function differs(a: Forward, b: Forward): boolean {
  const text = (f: Forward): string => JSON.stringify([f.label, f.protocol, f.wan, f.to, f.port, f.source, f.enabled]);
  return text(a) !== text(b);
}

function forbids(want: WantedForward, now: RouterState, { driver, forbidden }: ForwardRules): string | undefined {
  const { line, reservations } = now;
  const port = forbidden.find((p) => overlap([p, p], want.wan) || overlap([p, p], targetPorts(want)));
  if (port !== undefined) return `port ${port} is never opened: let the forward lead to the proxy, or take ${port} out of \`forbidden\``;
  if (line.ports && (want.wan[0] < line.ports[0] || want.wan[1] > line.ports[1]))
    return `port ${portText(want.wan)} does not reach this line: the provider shares the address, and gives it ports ${portText(line.ports)} only. Ask for an address of its own, or choose a port of those`;
  if (want.source?.includes("/") && driver.lacks.sourceRange !== undefined)
    return `this router ${driver.lacks.sourceRange}: name one address`;
  if (want.wan[0] !== want.wan[1] && driver.lacks.range !== undefined)
    return `this router ${driver.lacks.range}: write a forward for each port`;
  if (want.source !== null && driver.lacks.source !== undefined) return `this router ${driver.lacks.source}: leave \`source\` out`;
  if (want.label.length > driver.longestLabel)
    return `"${want.label}" is too long for this router: at most ${driver.longestLabel} letters. Shorten name or comment`;
  if (want.static || reservations?.some((r) => r.ip === want.to)) return undefined;
  const way =
    reservations === null
      ? `this way to the router tells no reservations`
      : `${want.to} is not reserved in the router, so another machine may get it`;
  return `${way}: ${reservations === null ? "" : "reserve it with router_reservation, or "}write \`static: true\` when the machine has ${want.to} by its own settings`;
}

function inTheWay(
  want: WantedForward,
  there: readonly Forward[],
  gone: readonly Forward[],
  wanted: readonly WantedForward[],
): string | undefined {
  const other = there.find((f) => {
    if (f.name === want.name || gone.includes(f)) return false;
    return collide(f, want) && (f.name === null || !wanted.some((w) => w.name === f.name));
  });
  if (!other) return undefined;
  const whose = other.name === null ? "is not ours" : "is another of ours";
  const way =
    other.name === null
      ? `remove it in the router, or with router_forward: { foreign: "${other.label}", state: absent }`
      : `remove ${other.name} first`;
  return `port ${portText(want.wan)} is taken by "${other.label}" (${forwardText(other)}${other.enabled ? "" : ", switched off"}), which ${whose}: ${way}`;
}
