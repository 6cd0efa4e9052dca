import type { Span } from "../kernel/span.ts";
import type { VarLayer } from "./model.ts";

/** A group while the files are being read. */
export interface DraftGroup {
  readonly name: string;
  readonly at: Span;
  readonly hosts: Set<string>;
  /** With the place that says so. */
  readonly children: Map<string, Span>;
  readonly parents: Set<string>;
  readonly vars: VarLayer[];
  /** `ansible_group_priority`. */
  priority: number;
}

/** A host while the files are being read. */
export interface DraftHost {
  readonly name: string;
  readonly at: Span;
  readonly vars: VarLayer[];
}

/** Everything that the inventory files say, several of them laid over each other. */
export class Draft {
  readonly hosts = new Map<string, DraftHost>();
  readonly groups = new Map<string, DraftGroup>();

  group(name: string, at: Span): DraftGroup {
    let group = this.groups.get(name);
    if (!group) {
      group = { name, at, hosts: new Set(), children: new Map(), parents: new Set(), vars: [], priority: 1 };
      this.groups.set(name, group);
    }
    return group;
  }

  host(name: string, at: Span): DraftHost {
    let host = this.hosts.get(name);
    if (!host) {
      host = { name, at, vars: [] };
      this.hosts.set(name, host);
    }
    return host;
  }
}
