import { defineFact } from "../kernel/fact.ts";
import { Shell, sh } from "../kernel/sh.ts";
import { collected } from "./collected.ts";
import { readRecords, wholeNumber } from "./lines.ts";
import type { Records } from "./records.ts";

/** What /etc/shadow says about a password, without the hash itself. */
export interface Password {
  /** The hash is preceded by `!`: no login by password. */
  readonly locked: boolean;
  /** sha256 in hex of the hash without a leading `!`: enough to compare, and nothing that can be guessed against. */
  readonly digest: string;
  /** Days since 1970 on which the account ends; "" when it does not. */
  readonly expires: string;
}

/** A line of /etc/passwd, with what other files say about the same user. */
export interface User {
  readonly present: boolean;
  /** null where there is no such user, or where useradd will choose. The same for the next five. */
  readonly uid: number | null;
  /** Name of the primary group, or its number when it has no name. */
  readonly group: string | null;
  /** Supplementary groups, sorted. */
  readonly groups: readonly string[];
  readonly comment: string | null;
  readonly home: string | null;
  readonly shell: string | null;
  /** Whether the home directory is there. */
  readonly homeExists: boolean;
  /** Asked with `password: true` only, and null when /etc/shadow cannot be read. */
  readonly password: Password | null;
}

export const noUser: User = {
  present: false,
  uid: null,
  group: null,
  groups: [],
  comment: null,
  home: null,
  shell: null,
  homeExists: false,
  password: null,
};

export interface UserKey {
  readonly name: string;
  /** Ask /etc/shadow too. */
  readonly password?: true;
}

/** `_user_tell` takes the lines that awk printed: `=:TEXT` is told as it is, `?:FOLDER` is asked for. */
const functions = Shell.trusted(`_user_tell() {
  _n='
' _q=$IFS _o=
  IFS=$_n; set -f
  for _l in $_t; do
    case $_l in =:*) _l=\${_l#=:} ;; *) if [ -d "\${_l#?:}" ]; then _l=yes; else _l=no; fi ;; esac
    _o=$_o$_l$_n
  done
  IFS=$_q; set +f
}
`);

/** `user({ name: "alice" })`: one awk over passwd, group and shadow for all names. Only local users are seen. */
export const user = defineFact<UserKey, User>({
  kind: "user",
  summary: "Whether a local user exists, with groups, home, shell and the state of the password.",
  object: (key) => key.name,
  ...collected(
    [functions],
    (keys) => sh`_t=$(exec awk '
function sorted(list,   n, i, j, a, t, all) {
  n = split(list, a, ",")
  for (i = 2; i <= n; i++) for (j = i; j > 1 && a[j] < a[j-1]; j--) { t = a[j]; a[j] = a[j-1]; a[j-1] = t }
  for (i = 1; i <= n; i++) all = all (i > 1 ? "," : "") a[i]
  return all
}
function say(text) { print "=:" text }
function digest(text) { printf "=:"; fflush(); printf "%s", text | "sha256sum"; close("sha256sum") }
BEGIN {
  for (i = 1; i < ARGC; i++) { secret[i] = sub(/^[+]/, "", ARGV[i]); wanted[ARGV[i]] = 1 }
  while ((getline line < "/etc/passwd") > 0) { split(line, f, ":"); if ((f[1] in wanted) && !(f[1] in passwd)) passwd[f[1]] = line }
  while ((getline line < "/etc/group") > 0) {
    split(line, f, ":"); if (!(f[3] in named)) named[f[3]] = f[1]
    n = split(f[4], m, ","); for (i = 1; i <= n; i++) if (m[i] in wanted) groups[m[i]] = groups[m[i]] (groups[m[i]] == "" ? "" : ",") f[1]
  }
  while ((getline line < "/etc/shadow") > 0) { split(line, f, ":"); if (f[1] in wanted) { hash[f[1]] = f[2]; expires[f[1]] = f[8] } }
  for (i = 1; i < ARGC; i++) {
    name = ARGV[i]
    if (!(name in passwd)) { say("-"); continue }
    split(passwd[name], f, ":")
    say("+" f[3]); say((f[4] in named) ? named[f[4]] : f[4]); say(sorted(groups[name])); say(f[5]); say(f[6]); say(f[7]); print "?:" f[6]
    if (!secret[i]) continue
    if (!(name in hash)) { say("unreadable"); continue }
    open = !sub(/^!/, "", hash[name]); say(open ? "open" : "locked"); say(expires[name]); digest(hash[name])
  }
}' ${keys.map((key) => (key.password ? "+" : "") + key.name)}); _user_tell`,
  ),
  read: (stdout, keys) => readRecords("user", stdout, keys, (line, lines, key) => (line === "-" ? noUser : readUser(line, lines, key))),
  absent: ({ present }) => !present,
  brought: () => ({ ...noUser, present: true }),
  enough: () => true,
  write(key, value) {
    if (!value.present) return "-\n";
    const { uid, group, comment, home, shell, password } = value;
    if (uid === null || group === null || comment === null || home === null || shell === null) return undefined;
    const shadow = key.password
      ? password
        ? [password.locked ? "locked" : "open", password.expires, `${password.digest}  -`]
        : ["unreadable"]
      : [];
    return [`+${uid}`, group, value.groups.join(","), comment, home, shell, value.homeExists ? "yes" : "no", ...shadow, ""].join("\n");
  },
});

function readUser(first: string, lines: Records, key: UserKey): User {
  const uid = wholeNumber(first.slice(1));
  const group = lines.line();
  const groups = lines.line();
  const [comment, home, shell] = [lines.line(), lines.line(), lines.line()];
  const homeExists = lines.line() === "yes";
  const password = key.password ? readPassword(lines) : null;
  return { present: true, uid, group, groups: groups === "" ? [] : groups.split(","), comment, home, shell, homeExists, password };
}

function readPassword(lines: Records): Password | null {
  const lock = lines.line();
  if (lock === "unreadable") return null;
  return { locked: lock === "locked", expires: lines.line(), digest: lines.line().slice(0, 64) };
}
