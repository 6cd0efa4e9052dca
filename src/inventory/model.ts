import type { Diagnostic } from "../kernel/diagnostic.ts";
import type { MapNode } from "../kernel/node.ts";
import type { Span } from "../kernel/span.ts";

/** Variables of one place that apply to a host. */
export interface VarLayer {
  /** For people: `inventory/home.yml: group nas`, `group_vars/all.yml`. */
  readonly origin: string;
  readonly vars: MapNode;
}

/** One machine of the inventory. */
export interface Host {
  readonly name: string;
  /** Every group that holds it, sorted by name, without `all`: the variable `group_names`. */
  readonly groups: readonly string[];
  /** Low to high: all, parents, children, the host itself; for each: inventory files, group_vars or host_vars beside them, then beside the playbook. */
  readonly layers: readonly VarLayer[];
  readonly at: Span;
}

/** A named set of hosts. */
export interface Group {
  readonly name: string;
  /** Names of all hosts in it and in its children, in the order of the inventory. */
  readonly hosts: readonly string[];
  readonly children: readonly string[];
}

/** The hosts that a pattern names, or why it is wrong. */
export interface Selection {
  /** In the order of the inventory. */
  readonly hosts: readonly Host[];
  readonly diagnostics: readonly Diagnostic[];
}

/** All hosts and groups of a run. */
export interface Inventory {
  /** In the order in which the files name them; the implicit localhost is not among them. */
  readonly hosts: ReadonlyMap<string, Host>;
  /** With `all` and `ungrouped`. */
  readonly groups: ReadonlyMap<string, Group>;
  /** Hosts of a pattern: `all`, `web:&eu`, `all:!nas`, `web[0:2]`, `~regex`. `at` is where the pattern was written. */
  select(pattern: string, at?: Span): Selection;
}
