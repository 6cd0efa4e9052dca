import type { Draft, DraftGroup, DraftHost } from "./draft.ts";
import type { VarLayer } from "./model.ts";
import type { VarFiles } from "./varfiles.ts";

interface AllVarFiles {
  readonly group: readonly VarFiles[];
  readonly host: readonly VarFiles[];
}

/** Low to high: group by group, then the host; for each what the inventory says, then the files beside it, then those beside the playbook. */
export function layersOf(host: DraftHost, groups: readonly DraftGroup[], files: AllVarFiles): readonly VarLayer[] {
  return [...groups.flatMap((g) => groupLayers(g, files)), ...host.vars, ...from(files.host, host.name)];
}

/** What applies to a host that is in no group: the variables of `all` and its own files. */
export function layersOfAll(host: string, draft: Draft, files: AllVarFiles): readonly VarLayer[] {
  const all = draft.groups.get("all");
  return [...(all ? groupLayers(all, files) : []), ...from(files.host, host)];
}

function groupLayers(group: DraftGroup, files: AllVarFiles): readonly VarLayer[] {
  return [...group.vars, ...from(files.group, group.name)];
}

function from(files: readonly VarFiles[], name: string): readonly VarLayer[] {
  return files.flatMap((f) => f.byName.get(name) ?? []);
}
