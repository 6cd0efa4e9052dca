import { nearest, refuse } from "../kernel/diagnostic.ts";
import { expectText } from "../kernel/expect.ts";
import type { Node } from "../kernel/node.ts";

const known = ["flush_handlers", "end_play", "end_host", "noop"];
const later = ["end_batch", "end_role", "clear_facts", "clear_host_errors", "refresh_inventory", "reset_connection"];

/** Throws Refused unless the argument of `meta` is one that works. */
export function checkMeta(node: Node, guarded = false): void {
  const { text, at } = expectText(node, "meta", `it takes ${known.join(", ")}`);
  if (guarded && text.startsWith("end_"))
    refuse(`"meta: ${text}" cannot leave a guarded block: what the block did would be undone`, at, "put it behind the block");
  if (known.includes(text)) return;
  if (later.includes(text)) refuse(`"meta: ${text}" does not work yet`, at, `it takes ${known.join(", ")}`);
  const near = nearest(text, known);
  refuse(`meta does not know "${text}"`, at, near ? `did you mean "${near}"?` : `it takes ${known.join(", ")}`);
}
