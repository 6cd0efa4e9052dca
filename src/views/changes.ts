import { stripVTControlCharacters } from "node:util";
import type { ShownChange, ShownField } from "../kernel/event.ts";
import { diffLines } from "./diff.ts";
import type { Paint } from "./paint.ts";
import { columns, visible } from "./visible.ts";

/** Columns of a line that still holds a change with all its fields. */
const widest = 120;

/**
 * What differs: `file /etc/motd  mode: 0600 -> 0644, owner: alice -> root`; where that is too long, the fields on the next line, or
 * each on a line of its own. Below it the diff when asked for.
 */
export function changeLines(changes: readonly ShownChange[], diff: boolean, ink: Paint): string[] {
  return changes.flatMap((change) => {
    const fields = change.fields.map((f) => fieldText(f, directionOf(change), ink));
    const pending = change.pending ? [ink.changed(pendingText[change.pending])] : [];
    const head = [oneLine(change.subject), ...pending];
    const joined = fields.join(", ");
    const whole = [head[0], ...(joined === "" ? [] : [joined]), ...pending].join("  ");
    const spread = fits(`  ${joined}`) ? [joined] : fields;
    return [
      ...(fields.length < 2 || fits(whole) ? [whole] : [head.join("  "), ...spread.map((f) => `  ${f}`)]),
      ...((diff || change.asked) && change.diff ? diffLines(change.diff, ink).map((l) => `  ${l}`) : []),
    ];
  });
}

function fits(line: string): boolean {
  return columns(stripVTControlCharacters(line)) <= widest;
}

const pendingText = { reboot: "(shows after the next reboot)", propagation: "(shows after it has spread)" };

/** Whether the whole object comes or goes: its other fields then need only their one value. */
function directionOf({ fields }: ShownChange): "comes" | "goes" | undefined {
  const state = fields.find((f) => f.name === "state");
  return state?.before === "absent" ? "comes" : state?.after === "absent" ? "goes" : undefined;
}

function fieldText(f: ShownField, direction: "comes" | "goes" | undefined, ink: Paint): string {
  const [name, before, after] = [oneLine(f.name), oneLine(f.before), oneLine(f.after)];
  if (f.name !== "state" && direction === "comes" && before === "absent")
    return `${name}: ${f.secret ? "new secret " : ""}${ink.added(after)}`;
  if (f.name !== "state" && direction === "goes" && after === "absent")
    return `${name}: ${f.secret ? "secret " : ""}${ink.removed(before)}`;
  if (f.action) return `${name}: ${f.secret ? "secret " : ""}${ink.added(after)}`;
  const [old, now] = [ink.removed(before), ink.added(after)];
  if (!f.secret) return `${name}: ${old} -> ${now}`;
  if (before === "absent") return `${name}: new secret, ${old} -> ${now}`;
  if (after === "absent") return `${name}: secret removed, ${old} -> ${now}`;
  return before === after ? `${name}: the same secret ${now}` : `${name}: secret changed, ${old} -> ${now}`;
}

function oneLine(text: string): string {
  return visible(text).replaceAll("\n", "\\n");
}
