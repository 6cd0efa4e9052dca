import type { RouterState } from "./state.ts";

/**
 * On routers that keep what is written apart from what is in force, an entry of ours carries this mark from its writing until it has
 * been put in force. So a run that breaks off between the two is seen by the next.
 */
export const pendingMark = " (pending)";

/** The label without the mark. */
export function settledLabel(label: string): string {
  return label.endsWith(pendingMark) ? label.slice(0, -pendingMark.length) : label;
}

/** Entries of one sort with the mark: `pending forward ID` is the label, or empty when the entry is on its way out. */
export function pendingHandles(
  thing: "forward" | "reservation" | "pinhole",
  entries: readonly { readonly id: string; readonly label: string; readonly enabled: boolean }[],
): Readonly<Record<string, string>> {
  const left = entries.filter((e) => e.label.endsWith(pendingMark) && e.label.startsWith("rempart: "));
  return Object.fromEntries(left.map((e) => [`pending ${thing} ${e.id}`, e.enabled ? settledLabel(e.label) : ""]));
}

/** What an earlier run left behind. */
export function leftBehind(now: RouterState): { readonly thing: string; readonly id: string; readonly label: string }[] {
  return Object.entries(now.handles ?? {}).flatMap(([key, label]) => {
    const [, thing = "", id = ""] = /^pending (\S+) (.+)$/.exec(key) ?? [];
    return id === "" ? [] : [{ thing, id, label }];
  });
}
