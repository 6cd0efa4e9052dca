import { defineFact, NoAnswer } from "../kernel/fact.ts";
import { sh } from "../kernel/sh.ts";
import { readRecords, wholeNumber } from "./lines.ts";
import type { Records } from "./records.ts";

/** How something looks to `ls -ldn`, or null where nothing is. */
export interface Listed {
  /** Ten characters: drwx------. */
  readonly mode: string;
  readonly uid: number;
  readonly gid: number;
}

/** The file with the keys that may log in as a user. */
export interface AuthorizedKeys {
  /** Absolute path of the file; "" when the user does not exist. */
  readonly path: string;
  readonly uid: number;
  readonly gid: number;
  /** The folder that holds it. */
  readonly folder: Listed | null;
  readonly file: Listed | null;
  readonly lines: readonly string[];
}

export interface AuthorizedKeysKey {
  readonly user: string;
  /** Absolute; ~/.ssh/authorized_keys when it is not given. */
  readonly path?: string;
}

/** `authorizedKeys({ user: "alice" })`: the file is found by the home in /etc/passwd. */
export const authorizedKeys = defineFact<AuthorizedKeysKey, AuthorizedKeys>({
  kind: "authorized_keys",
  summary: "The keys that may log in as a user, and who may write the file and its folder.",
  object: (key) => key.path ?? key.user,
  script: (
    keys,
  ) => sh`_listed() { if [ -e "$1" ] || [ -L "$1" ]; then ls -ldn -- "$1" | awk '{ print substr($1, 1, 10), $3, $4 }'; else echo -; fi; }
set -- ${keys.flatMap((key) => [key.user, key.path ?? ""])}
while [ $# -gt 0 ]; do
  _u=$(awk 'BEGIN { while ((getline line < "/etc/passwd") > 0) { split(line, f, ":"); if (f[1] == ARGV[1]) { print f[3], f[4], f[6]; exit } } }' "$1")
  _p=$2
  shift 2
  if [ -z "$_u" ]; then echo -; continue; fi
  _n=$(echo "$_u" | awk '{ print $1, $2 }')
  if [ -z "$_p" ]; then _p=$(echo "$_u" | awk '{ sub(/^[0-9]+ [0-9]+ /, ""); print $0 "/.ssh/authorized_keys" }'); fi
  _d=$(dirname "$_p")
  if { [ -d "$_d" ] && [ ! -x "$_d" ]; } || { [ -f "$_p" ] && [ ! -r "$_p" ]; }; then echo '!the user of this task may not read it; use become: true'; continue; fi
  printf '=%s\n%s\n' "$_p" "$_n"
  _listed "$_d"
  _listed "$_p"
  if [ -f "$_p" ]; then awk '{ line[NR] = $0 } END { print NR; for (i = 1; i <= NR; i++) print line[i] }' "$_p"; else echo 0; fi
done`,
  read: (stdout, keys) =>
    readRecords("authorized_keys", stdout, keys, (first, records) => (first === "-" ? nobody : readFile(first, records))),
  absent: ({ file }) => file === null,
  enough: () => true,
  ifChanged: ({ user }, v, object) =>
    object === `user ${user}` || (v.path !== "" && [v.path, v.path.replace(/\/[^/]*$/, "")].some((p) => object === `path ${p}`))
      ? new NoAnswer("not known before earlier tasks have run")
      : undefined,
  write(_key, v) {
    if (v.path === "") return "-\n";
    if (v.uid < 0 || v.gid < 0) return undefined;
    return [`=${v.path}`, `${v.uid} ${v.gid}`, listed(v.folder), listed(v.file), String(v.lines.length), ...v.lines, ""].join("\n");
  },
});

/** The value for a user that does not exist. */
export const nobody: AuthorizedKeys = { path: "", uid: -1, gid: -1, folder: null, file: null, lines: [] };

function readFile(first: string, records: Records): AuthorizedKeys {
  const [uid = "", gid = ""] = records.line().split(" ");
  const [folder, file] = [readListed(records.line()), readListed(records.line())];
  const count = wholeNumber(records.line());
  return {
    path: first.slice(1),
    uid: wholeNumber(uid),
    gid: wholeNumber(gid),
    folder,
    file,
    lines: Array.from({ length: count }, () => records.line()),
  };
}

function readListed(line: string): Listed | null {
  if (line === "-") return null;
  const [mode = "", uid = "", gid = ""] = line.split(" ");
  return { mode, uid: wholeNumber(uid), gid: wholeNumber(gid) };
}

function listed(l: Listed | null): string {
  return l === null ? "-" : `${l.mode} ${l.uid} ${l.gid}`;
}
