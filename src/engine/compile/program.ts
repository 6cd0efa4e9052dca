import type { Host, Inventory } from "../../inventory/model.ts";
import type { Diagnostic } from "../../kernel/diagnostic.ts";
import type { Question } from "../../kernel/fact.ts";
import type { Module } from "../../kernel/module.ts";
import type { MapNode } from "../../kernel/node.ts";
import type { Span } from "../../kernel/span.ts";
import type { Connection } from "../../kernel/target.ts";
import type { Secret, Shape } from "../../kernel/value.ts";
import type { Play, Role } from "../../playbook/model.ts";
import type { TaskPath } from "../decide/path.ts";
import type { Includes } from "./include.ts";
import type { Layer } from "./scope.ts";

/** The question whose answer is the variable `facts`, and what is known of it before it was asked. */
export interface GatherParts {
  readonly question: Question;
  readonly shape: Shape;
}

/** What the command line says of connections, below what the inventory says. */
export interface ConnectionDefaults {
  readonly user?: string;
  readonly become?: boolean;
  readonly becomeUser?: string;
  readonly becomeMethod?: string;
  readonly privateKey?: string;
  readonly connection?: string;
  readonly password?: Secret;
  readonly becomePassword?: Secret;
}

export interface CompileOptions {
  /** Path of the playbook. */
  readonly playbook: string;
  readonly inventory: Inventory;
  readonly modules: readonly Module[];
  readonly gather: GatherParts;
  /** Host pattern that the hosts of every play are cut to. */
  readonly limit?: string;
  readonly tags?: readonly string[];
  readonly skipTags?: readonly string[];
  /** `-e`, in order; the last wins. */
  readonly extraVars?: readonly { readonly origin: string; readonly vars: MapNode }[];
  readonly check?: boolean;
  readonly diff?: boolean;
  /** Name of the task that the run begins with. */
  readonly startAtTask?: string;
  /** The program shall only be listed: arguments, values and conditions are not tried for every host. */
  readonly listed?: boolean;
  readonly connectionDefaults?: ConnectionDefaults;
  readonly vault?: { readonly passphrase?: Secret; readonly identities?: readonly string[] };
}

/** Everything that a task needs to know beside its host. */
export interface Context {
  readonly options: CompileOptions;
  readonly inventory: Inventory;
  /** By name and by alias. */
  readonly modules: ReadonlyMap<string, Module>;
  readonly gather: GatherParts;
  /** Absolute. */
  readonly playbookDir: string;
  readonly extra: readonly Layer[];
  readonly defaults: Layer;
  readonly includes: Includes;
  readonly check: boolean;
  readonly diff: boolean;
  /** A plan is made: nothing acts whatever `check_mode` says, and variables are as a real run sees them. */
  readonly plan?: true;
}

export interface CompiledPlay {
  readonly play: Play;
  /** In the playbook, whatever is left out of the run. */
  readonly index: number;
  readonly name: string;
  readonly at: Span;
  /** In the order in which they are taken. */
  readonly members: readonly Host[];
  readonly connections: ReadonlyMap<string, Connection>;
  readonly varsFiles: readonly Layer[];
  /** Roles that an include_role brought in; grows while compiling and running. */
  readonly included: Role[];
  /** Names, for lists. */
  readonly hosts: readonly string[];
  readonly tasks: readonly ListedTask[];
  /** Sizes of the batches: numbers of hosts, or percentages. */
  readonly serial?: readonly (number | string)[];
  readonly maxFail?: number;
  /** It begins here: what stands before is left out. */
  readonly from?: TaskPath;
}

export interface ListedTask {
  readonly id: string;
  readonly name: string;
  readonly role: string;
  readonly tags: readonly string[];
  readonly at: Span;
  readonly module: string;
  readonly controls: readonly string[];
}

/** A playbook that was found right for every host of it. */
export interface Program {
  readonly playbook: string;
  readonly plays: readonly CompiledPlay[];
  readonly context: Context;
}

export interface Compiled {
  /** Undefined when there is an error among the diagnostics. */
  readonly program?: Program;
  readonly diagnostics: readonly Diagnostic[];
}
