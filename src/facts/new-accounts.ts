import { defineFact } from "../kernel/fact.ts";
import { sh } from "../kernel/sh.ts";
import { caught } from "./collected.ts";
import { Records } from "./records.ts";

/** Numbers that may be given, both ends included. */
export interface NumberRange {
  readonly first: number;
  readonly last: number;
}

/** What the host has for users and groups that do not exist yet. */
export interface NewAccounts {
  /** Numbers that are taken, in the order of /etc/passwd and /etc/group. */
  readonly uids: readonly number[];
  readonly gids: readonly number[];
  readonly user: NumberRange;
  readonly systemUser: NumberRange;
  readonly group: NumberRange;
  readonly systemGroup: NumberRange;
  /** Login shell of a user for whom none is given; "" when the host does not say. */
  readonly shell: string;
  /** The folder in which homes are made. */
  readonly homes: string;
  /** A user gets a group of the same name. */
  readonly ownGroups: boolean;
  /** Some accounts come from a directory service, whose numbers are not among those that are taken. */
  readonly foreign: boolean;
}

/** `newAccounts(null)`: one awk over passwd, group, login.defs, useradd's defaults and nsswitch.conf. */
export const newAccounts = defineFact<null, NewAccounts>({
  kind: "new_accounts",
  summary: "What the host has for users and groups that do not exist yet: the numbers that are taken and the ranges for new ones.",
  object: () => "of the host",
  ...caught(
    () => sh`awk '
function numbers(file,   line, f, all) {
  while ((getline line < file) > 0) { split(line, f, ":"); if (f[3] ~ /^[0-9]+$/) all = all (all == "" ? "" : " ") f[3] }
  return all
}
function setting(name, other) { return (name in defs) ? defs[name] : other }
BEGIN {
  while ((getline line < "/etc/login.defs") > 0) { n = split(line, f, /[ \t]+/); if (n > 1) defs[f[1]] = f[2] }
  while ((getline line < "/etc/default/useradd") > 0) { eq = index(line, "="); if (eq > 1) given[substr(line, 1, eq - 1)] = substr(line, eq + 1) }
  foreign = "no"
  while ((getline line < "/etc/nsswitch.conf") > 0) {
    n = split(line, f, /[ \t]+/)
    if (f[1] == "passwd:" || f[1] == "group:") for (i = 2; i <= n; i++) if (f[i] !~ /^(files|compat|systemd|)$/ && f[i] !~ /^#/) foreign = "yes"
  }
  print "u " numbers("/etc/passwd"); print "g " numbers("/etc/group")
  for (i = 1; i <= 2; i++) {
    id = (i == 1) ? "UID" : "GID"; first = setting(id "_MIN", 1000)
    print first, setting(id "_MAX", 60000), setting("SYS_" id "_MIN", 100), setting("SYS_" id "_MAX", first - 1)
  }
  print given["SHELL"]; print ("HOME" in given) ? given["HOME"] : "/home"
  print setting("USERGROUPS_ENAB", "yes"); print foreign
}'`,
  ),
  read(stdout, keys) {
    const records = new Records(stdout, "new_accounts");
    const values = keys.map(() => readOne(records));
    records.end();
    return values;
  },
  write: (_key, v) =>
    [
      `u ${v.uids.join(" ")}`,
      `g ${v.gids.join(" ")}`,
      [v.user.first, v.user.last, v.systemUser.first, v.systemUser.last].join(" "),
      [v.group.first, v.group.last, v.systemGroup.first, v.systemGroup.last].join(" "),
      v.shell,
      v.homes,
      v.ownGroups ? "yes" : "no",
      v.foreign ? "yes" : "no",
      "",
    ].join("\n"),
});

function readOne(records: Records): NewAccounts {
  const [uids, gids] = [numbers(records.line().slice(2)), numbers(records.line().slice(2))];
  const [user, systemUser] = ranges(records.line());
  const [group, systemGroup] = ranges(records.line());
  const [shell, homes] = [records.line(), records.line()];
  const [ownGroups, foreign] = [records.line() === "yes", records.line() === "yes"];
  return { uids, gids, user, systemUser, group, systemGroup, shell, homes, ownGroups, foreign };
}

function numbers(text: string): number[] {
  return text === "" ? [] : text.split(" ").map(Number);
}

function ranges(line: string): readonly [NumberRange, NumberRange] {
  const [first, last, systemFirst, systemLast] = numbers(line);
  if (first === undefined || last === undefined || systemFirst === undefined || systemLast === undefined)
    throw new Error(`new_accounts: unexpected record ${JSON.stringify(line)}`);
  return [
    { first, last },
    { first: systemFirst, last: systemLast },
  ];
}
