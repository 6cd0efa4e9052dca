import type { Undo } from "../../kernel/undo.ts";

/** What the programs for users and groups write: put back, the accounts are as they were. */
export const accountFiles: Undo = {
  paths: ["/etc/passwd", "/etc/shadow", "/etc/group", "/etc/gshadow", "/etc/subuid", "/etc/subgid"],
  run: [],
};
