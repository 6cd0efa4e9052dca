import { defineFact } from "../kernel/fact.ts";
import { sh } from "../kernel/sh.ts";
import { caught } from "./collected.ts";
import { readRecords, wholeNumber } from "./lines.ts";

/** A line of /etc/group. */
export interface Group {
  readonly present: boolean;
  /** null when there is no such group, or when its number will only be chosen by groupadd. */
  readonly gid: number | null;
  /** Users that are in it beside those whose primary group it is, in the order of the file. */
  readonly members: readonly string[];
}

export const noGroup: Group = { present: false, gid: null, members: [] };

/** `group("docker")`: one awk for all names. Only local groups: groups of a directory service are not seen. */
export const group = defineFact<string, Group>({
  kind: "group",
  summary: "Whether a local group exists, with its number and members.",
  object: (name) => name,
  ...caught(
    (names) => sh`awk 'BEGIN {
  while ((getline line < "/etc/group") > 0) { split(line, f, ":"); if (!(f[1] in known)) known[f[1]] = "+" f[3] ":" f[4] }
  for (i = 1; i < ARGC; i++) if (ARGV[i] in known) print known[ARGV[i]]; else print "-"
}' ${names}`,
  ),
  read: (stdout, names) =>
    readRecords("group", stdout, names, (line) => {
      if (line === "-") return noGroup;
      const colon = line.indexOf(":");
      const members = line.slice(colon + 1);
      return { present: true, gid: wholeNumber(line.slice(1, colon)), members: members === "" ? [] : members.split(",") };
    }),
  absent: ({ present }) => !present,
  brought: () => ({ ...noGroup, present: true }),
  enough: () => true,
  write: (_name, value) => {
    if (!value.present) return "-\n";
    return value.gid === null ? undefined : `+${value.gid}:${value.members.join(",")}\n`;
  },
});
