import type { ShownChange } from "../kernel/event.ts";
import type { Paint } from "./paint.ts";
import { visible } from "./visible.ts";

/** What differs, one line per object: `file /etc/motd  mode: 0600 -> 0644, owner: alice -> root`; with diffs when asked. */
export function changeLines(changes: readonly ShownChange[], diff: boolean, ink: Paint): string[] {
  return changes.flatMap((change) => {
    const fields = change.fields.map((f) => `${f.name}: ${visible(f.before)} -> ${visible(f.after)}`.replaceAll("\n", " ")).join(", ");
    const pending = change.pending ? [ink.changed(pendingText[change.pending])] : [];
    return [
      [visible(change.subject), ...(fields ? [fields] : []), ...pending].join("  "),
      ...(diff && change.diff ? diffLines(change.diff, ink).map((l) => `  ${l}`) : []),
    ];
  });
}

const pendingText = { reboot: "(shows after the next reboot)", propagation: "(shows after it has spread)" };

function diffLines(diff: string, ink: Paint): string[] {
  return visible(diff)
    .replace(/\n$/, "")
    .split("\n")
    .map((line) => {
      if (line.startsWith("+++") || line.startsWith("---") || line.startsWith("@@")) return ink.dim(line);
      if (line.startsWith("+")) return ink.added(line);
      if (line.startsWith("-")) return ink.removed(line);
      return line;
    });
}
