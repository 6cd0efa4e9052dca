import type { Problems } from "../kernel/problems.ts";
import type { Draft, DraftGroup } from "./draft.ts";

/** The groups as a family tree: every group but `all` has a parent, hosts of none are `ungrouped`. */
export interface Family {
  /** Names of all hosts in a group and its children. */
  hostsOf(group: string): ReadonlySet<string>;
  /** Every group of a host, low precedence first: by distance from `all`, then ansible_group_priority, then name. */
  groupsOf(host: string): readonly DraftGroup[];
}

/** Completes the draft and checks it for circles. */
export function familyOf(draft: Draft, problems: Problems): Family {
  const all = draft.groups.get("all");
  if (!all) throw new Error("the draft has no group all");
  for (const group of draft.groups.values()) if (group.name !== "all" && group.parents.size === 0) adopt(all, group);
  const ungrouped = draft.groups.get("ungrouped");
  const grouped = new Set([...draft.groups.values()].filter((g) => g !== all && g !== ungrouped).flatMap((g) => [...g.hosts]));
  for (const host of draft.hosts.keys()) {
    if (grouped.has(host)) ungrouped?.hosts.delete(host);
    else ungrouped?.hosts.add(host);
  }
  if (refuseCircles(draft, problems)) return { hostsOf: () => new Set(), groupsOf: () => [] };
  return new Tree(draft);
}

function adopt(parent: DraftGroup, child: DraftGroup): void {
  parent.children.set(child.name, child.at);
  child.parents.add(parent.name);
}

class Tree implements Family {
  readonly #draft: Draft;
  readonly #hosts = new Map<string, Set<string>>();
  readonly #depths = new Map<string, number>();
  readonly #ofHost = new Map<string, Set<DraftGroup>>();

  constructor(draft: Draft) {
    this.#draft = draft;
    for (const group of draft.groups.values()) for (const host of this.hostsOf(group.name)) this.#remember(host, group);
  }

  hostsOf(name: string): ReadonlySet<string> {
    const known = this.#hosts.get(name);
    if (known) return known;
    const group = this.#draft.groups.get(name);
    const hosts = new Set([...(group?.hosts ?? []), ...[...(group?.children.keys() ?? [])].flatMap((c) => [...this.hostsOf(c)])]);
    this.#hosts.set(name, hosts);
    return hosts;
  }

  groupsOf(host: string): readonly DraftGroup[] {
    const order = (a: DraftGroup, b: DraftGroup): number =>
      this.#depth(a) - this.#depth(b) || a.priority - b.priority || (a.name < b.name ? -1 : 1);
    return [...(this.#ofHost.get(host) ?? [])].sort(order);
  }

  #remember(host: string, group: DraftGroup): void {
    const groups = this.#ofHost.get(host) ?? new Set();
    this.#ofHost.set(host, groups.add(group));
  }

  #depth(group: DraftGroup): number {
    const known = this.#depths.get(group.name);
    if (known !== undefined) return known;
    const parents = [...group.parents].flatMap((p) => this.#draft.groups.get(p) ?? []);
    const depth = parents.length === 0 ? 0 : 1 + Math.max(...parents.map((p) => this.#depth(p)));
    this.#depths.set(group.name, depth);
    return depth;
  }
}

/** Notes the first circle of each group; true when there is one. */
function refuseCircles(draft: Draft, problems: Problems): boolean {
  const done = new Set<string>();
  let found = false;
  const visit = (name: string, path: readonly string[]): void => {
    const group = draft.groups.get(name);
    if (!group || done.has(name)) return;
    for (const [child, at] of group.children) {
      const start = [...path, name].indexOf(child);
      if (start >= 0) {
        found = true;
        const chain = [...[...path, name].slice(start), child].join(" → ");
        problems.add([
          { severity: "error", message: `the group "${child}" is inside itself: ${chain}`, at, help: "remove one of these children" },
        ]);
      } else visit(child, [...path, name]);
    }
    done.add(name);
  };
  for (const name of draft.groups.keys()) visit(name, []);
  return found;
}
