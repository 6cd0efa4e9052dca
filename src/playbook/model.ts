import type { MapNode, Node, ScalarNode } from "../kernel/node.ts";
import type { Span } from "../kernel/span.ts";

/** A playbook after reading: imports are resolved, keywords are checked, nothing is evaluated. */
export interface Playbook {
  readonly path: string;
  readonly plays: readonly Play[];
}

export interface Play {
  readonly name: string;
  readonly at: Span;
  /** Host pattern as written; may hold `{{ }}` over static variables. */
  readonly hosts: Node;
  readonly gatherFacts: boolean;
  readonly vars?: MapNode;
  readonly varsFiles: readonly ScalarNode[];
  /** Sizes of the batches as written: a number, a percentage, or a list of them. */
  readonly serial?: Node;
  readonly order: Order;
  readonly strategy: "linear" | "free";
  readonly maxFailPercentage?: Node;
  /** In order: `pre_tasks`, the entries of the roles, `tasks`, `post_tasks`, with a flush of the handlers between these parts. */
  readonly entries: readonly Entry[];
  readonly handlers: readonly TaskEntry[];
  /** Every role used statically, once each, in order of first use; `include_role` is not among them. */
  readonly roles: readonly Role[];
  /** Play-level become etc. are inherited into the entries already; connection needs them for gather_facts. */
  readonly inherited: Inherited;
}

/** The order in which the hosts of a play are taken. */
export type Order = "inventory" | "reverse_inventory" | "sorted" | "reverse_sorted";

/** What a play, role use, block or include hands down. Outer first; lists only grow. */
export interface Inherited {
  readonly when: readonly Node[];
  readonly tags: readonly string[];
  /** Set where one of them is `never`: the tags from there inwards, one of which has to be asked for. */
  readonly wakes?: readonly string[];
  /** Ids of controls. */
  readonly controls: readonly string[];
  readonly vars: readonly MapNode[];
  readonly role?: Role;
  /** Parameters of the role use (`{ role: nginx, port: 80 }`, `include_role: vars`). */
  readonly roleParams?: MapNode;
  /** The roles around the current one, outermost first: their variables are seen inside, below the current role's. */
  readonly outerRoles?: readonly RoleUse[];
  readonly become?: Node;
  readonly becomeUser?: Node;
  readonly becomeMethod?: Node;
  readonly checkMode?: Node;
  readonly diff?: Node;
  readonly ignoreErrors?: Node;
  readonly anyErrorsFatal?: Node;
  readonly runOnce?: Node;
  /** The name of a host, or an expression that gives one. */
  readonly delegateTo?: ScalarNode;
  /** Maps of variables for programs, or lists of such maps. */
  readonly environment: readonly Node[];
  /** Arguments by the name of a module; of those that name one, the last counts alone. */
  readonly moduleDefaults: readonly MapNode[];
  /** Seconds that the steps of a task may take together. */
  readonly timeout?: Node;
  /** Hosts that may act at the same time. */
  readonly throttle?: Node;
  /** The guarded block that this stands in. */
  readonly guard?: Guard;
  /** Include chain, outermost first, for diagnostics. */
  readonly via: readonly Span[];
}

/** A role together with the parameters of one use of it. */
export interface RoleUse {
  readonly role: Role;
  readonly params?: MapNode;
}

export type Entry = TaskEntry | BlockEntry | IncludeTasksEntry | IncludeRoleEntry;

/** What every entry knows. `inherited` holds the entry's own when, tags, vars and become already. */
export interface EntryBase {
  readonly name: string;
  readonly at: Span;
  readonly inherited: Inherited;
  /** The entry's own loop, not inherited. */
  readonly loop?: Loop;
}

export interface Loop {
  readonly over: Node;
  /** Name of the loop variable; `item` unless loop_control says otherwise. */
  readonly variable: string;
  readonly indexVariable?: string;
  readonly label?: Node;
  /** items: a list inside the list stands for its items. dict: a map, as a list of key and value. fileglob: files of the controller. */
  readonly form?: "items" | "dict" | "fileglob";
  /** Seconds between two turns. */
  readonly pause?: Node;
  /** Each turn sees `ansible_loop`; "lean": without the whole list. */
  readonly extended?: "whole" | "lean";
}

/** How often a task is tried: until its condition holds, or without one until it does not fail. */
export interface Retrying {
  readonly until?: Node;
  readonly retries?: Node;
  readonly delay?: Node;
}

export interface TaskEntry extends EntryBase {
  readonly kind: "task";
  /** Without `ansible.builtin.`; aliases and unknown names are resolved by the engine, which has the modules. */
  readonly module: string;
  readonly moduleAt: Span;
  /** A map of arguments, a free-form scalar, or undefined for none. `args:` is merged in by the loader. */
  readonly args?: Node;
  readonly register?: ScalarNode;
  readonly changedWhen?: Node;
  readonly failedWhen?: Node;
  readonly retrying?: Retrying;
  readonly notify: readonly ScalarNode[];
  /** Handlers only. */
  readonly listen: readonly string[];
  /** Nobody wrote it: the flush of handlers behind pre_tasks and before post_tasks. */
  readonly implied?: true;
}

/** What is done in the block is undone unless the host is seen to be reachable behind it. */
export interface Guard {
  /** Seconds from its first change. */
  readonly within: number;
  /** Where sshd listens behind the block: a number, or an expression that gives one. The connection's own when not given. */
  readonly port?: Node;
  readonly at: Span;
}

export interface BlockEntry extends EntryBase {
  readonly kind: "block";
  /** Covers the part `block`, and the handlers that it notifies. */
  readonly guard?: Guard;
  readonly block: readonly Entry[];
  readonly rescue: readonly Entry[];
  readonly always: readonly Entry[];
}

/** Dynamic: the file name may depend on anything; expanded by the engine with `loadTasks`. */
export interface IncludeTasksEntry extends EntryBase {
  readonly kind: "include_tasks";
  readonly file: ScalarNode;
  /** What the included tasks inherit. Tags of the include go down to them too. */
  readonly handsDown: Inherited;
}

export interface IncludeRoleEntry extends EntryBase {
  readonly kind: "include_role";
  readonly role: ScalarNode;
  /** Another file of the role's tasks/; default main. */
  readonly tasksFrom?: ScalarNode;
  readonly handsDown: Inherited;
}

export interface Role {
  readonly name: string;
  /** Folder of the role, as shown in messages. */
  readonly dir: string;
  readonly defaults?: MapNode;
  readonly vars?: MapNode;
  /** From meta/options.yml, undefined without that file. */
  readonly options?: RoleOptions;
  readonly handlers: readonly TaskEntry[];
}

/** The typed options of a role: they live under the role's name and are merged along this. */
export interface RoleOptions {
  readonly summary: string;
  readonly fields: { readonly [name: string]: Option };
  readonly at: Span;
}

export interface Option {
  readonly type: "string" | "integer" | "number" | "boolean" | "list" | "map" | "object";
  readonly description: string;
  readonly required: boolean;
  readonly default?: Node;
  readonly choices?: readonly (string | number)[];
  /** Values are Secrets. */
  readonly secret: boolean;
  /** Of list and map. */
  readonly of?: Option;
  /** Of object. */
  readonly fields?: { readonly [name: string]: Option };
  readonly min?: number;
  readonly max?: number;
  /** A regular expression that the whole string must match, with the words for a mismatch. */
  readonly pattern?: string;
  readonly patternHelp?: string;
  readonly at: Span;
}
