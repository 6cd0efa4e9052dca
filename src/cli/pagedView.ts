import type { ViewName } from "../views/names.ts";
import { openView } from "../views/open.ts";
import type { View, ViewOptions } from "../views/view.ts";
import { showPaged } from "./pager.ts";

export interface PagedView extends View {
  /** The end of a run: what was kept is shown, in the pager when it is longer than the screen. */
  readonly end: () => Promise<void>;
}

/**
 * A view whose lines are kept for the pager until the end, with live progress meanwhile; without a pager, the plain view.
 * Closed before its end, as on a hard stop, it prints what it has.
 */
export async function openPagedView(name: ViewName, options: ViewOptions, pager: string | undefined): Promise<PagedView> {
  const { stdout, stderr } = process;
  if (pager === undefined || name !== "terminal") {
    const view = await openView(name, stdout, stderr, options);
    return { ...view, end: async () => view.close() };
  }
  let kept = "";
  const view = await openView(name, stdout, stderr, { ...options, keep: (text) => (kept += text) });
  const taken = (): string => {
    view.close();
    const text = kept;
    kept = "";
    return text;
  };
  return { listen: view.listen, close: () => void stdout.write(taken()), end: () => showPaged(taken(), pager) };
}
