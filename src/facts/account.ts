import { defineFact } from "../kernel/fact.ts";
import { Shell, sh } from "../kernel/sh.ts";
import { Records } from "./records.ts";

/** Whom: a user or group by name or number, or the one that the task acts as. */
export type AccountKey = { readonly kind: "user" | "group"; readonly name: string } | { readonly kind: "acting user" | "acting group" };

/** `name` is what listings show for `id`: the first entry of /etc/passwd or /etc/group with that number. */
export interface AccountValue {
  readonly exists: boolean;
  /** Known too when a number was asked for that nobody has. Undefined in a prediction: not known yet. */
  readonly id?: number;
  readonly name?: string;
}

const program = `
function read(file, byname, byid,  l, f) {
  while ((getline l < file) > 0) if (split(l, f, ":") > 2) {
    if (!(f[1] in byname)) byname[f[1]] = f[3]
    if (!(f[3] in byid) && f[1] ~ /^[^ ]+$/) byid[f[3]] = f[1]
  }
}
function say(name, byname, byid,  id) {
  id = name in byname ? byname[name] : name ~ /^[0-9]+$/ ? name : ""
  print id == "" ? "-" : id in byid ? id " " byid[id] : id
}
BEGIN {
  read("/etc/passwd", users, uids); read("/etc/group", groups, gids)
  for (i = 1; i < ARGC; i += 2) if (ARGV[i] == "u") say(ARGV[i + 1], users, uids); else say(ARGV[i + 1], groups, gids)
}`;

/** A user or group of the target: whether it exists, its number and the name that listings show. Reads /etc/passwd and /etc/group only. */
export const account = defineFact<AccountKey, AccountValue>({
  kind: "account",
  summary: "A user or group of the target: whether it exists and its number.",
  object: (key) => ("name" in key ? `${key.kind} ${key.name}` : key.kind),
  script(keys) {
    const words = keys.map((key) => {
      if ("name" in key) return sh`${key.kind === "user" ? "u" : "g"} ${key.name}`.text;
      return key.kind === "acting user" ? `u "$(id -u)"` : `g "$(id -g)"`;
    });
    return sh`awk ${program.trim()} ${Shell.trusted(words.join(" "))}`;
  },
  read(stdout, keys) {
    const records = new Records(stdout, "account");
    const values = keys.map(() => readOne(records.line()));
    records.end();
    return values;
  },
  absent: ({ exists }) => !exists,
  brought: () => ({ exists: true }),
  enough: () => true,
  write(_key, { exists, id, name }) {
    if (id === undefined) return exists ? undefined : "-\n";
    if (!exists) return `${id}\n`;
    return name === undefined ? undefined : `${id} ${name}\n`;
  },
});

function readOne(line: string): AccountValue {
  if (line === "-") return { exists: false };
  const [, id, name] = /^(\d+)(?: ([^ ]+))?$/.exec(line) ?? [];
  if (id === undefined) throw new Error(`account: unexpected record ${JSON.stringify(line)}`);
  return name === undefined ? { exists: false, id: Number(id) } : { exists: true, id: Number(id), name };
}
