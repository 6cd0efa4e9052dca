import type { Node } from "../kernel/node.ts";
import type { Problems } from "../kernel/problems.ts";
import type { Span } from "../kernel/span.ts";
import type { Files } from "./files.ts";
import type { Entry, Inherited, Role, TaskEntry } from "./model.ts";

/** What the readers of one play share. The functions are here so that the readers need not import each other in a circle. */
export interface Reading {
  readonly problems: Problems;
  readonly files: Files;
  /** Absolute folder of the playbook. */
  readonly playbookDir: string;
  /** Roles met so far, by absolute folder, in the order of first use. */
  readonly roles: Map<string, Role>;
  /** Their folders as read, by absolute folder. */
  readonly folders: Map<string, RoleFolder>;
  /** Role uses that run once in a play. */
  readonly ran: Set<string>;
  /** Reads a list of entries; what is wrong is noted. */
  readonly entries: (node: Node, inherited: Inherited, kind: EntryKind) => readonly Entry[];
  /** Reads a list of handlers. */
  readonly handlers: (node: Node, inherited: Inherited) => readonly TaskEntry[];
  /** Expands a role at the place of its use. `inherited` holds the parameters already. Throws Refused. */
  readonly useRole: (use: RoleRequest) => UsedRole;
}

/** A role's folder as read: its handlers are filled in by the first use of the role. */
export interface RoleFolder {
  readonly role: Role;
  readonly handlers: TaskEntry[];
  /** Roles that run before it. */
  readonly dependencies: readonly Node[];
}

/** Handlers differ from tasks in a few keywords. */
export type EntryKind = "task" | "handler";

export interface RoleRequest {
  readonly name: string;
  readonly at: Span;
  readonly inherited: Inherited;
  readonly tasksFrom?: { readonly name: string; readonly at: Span };
  /** Skipped when the same use was there before in this play. */
  readonly once?: string;
}

export interface UsedRole {
  readonly role: Role;
  readonly entries: readonly Entry[];
}
