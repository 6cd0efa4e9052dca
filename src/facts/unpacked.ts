import { defineFact } from "../kernel/fact.ts";
import { joinShell, Shell, sh } from "../kernel/sh.ts";
import { type ArchiveKind, memberFunctions } from "./archive-script.ts";
import { entryFunctions } from "./entry-script.ts";
import { readRecords, wholeNumber } from "./lines.ts";
import type { Records } from "./records.ts";

export interface UnpackedKey {
  readonly archive: string;
  readonly kind: ArchiveKind;
  /** The folder that it is unpacked into. */
  readonly dest: string;
  /** Parts that are taken from the front of each name. */
  readonly strip: number;
  /** Regular expressions (awk) for names in the archive: only those, and not those. */
  readonly keep?: string;
  readonly drop?: string;
  /** Tell the names. */
  readonly list: boolean;
}

/** An archive beside the folder that it is unpacked into. */
export interface Unpacked {
  /** False when the archive is not there. */
  readonly present: boolean;
  /** Files, folders and links that are to be there. */
  readonly members: number;
  /** How many are missing, or differ in type, size, time or target. */
  readonly due: number;
  /** The first of them. */
  readonly first: readonly string[];
  /** Modes as the archive has them and as they are there, each pair once: `["-rw-r--r--", "-rw-r-----"]`. */
  readonly modes: readonly (readonly [string, string])[];
  /** `0:0`: who owns what is there. */
  readonly owners: readonly string[];
  readonly names: readonly string[];
}

export const noArchive: Unpacked = { present: false, members: 0, due: 0, first: [], modes: [], owners: [], names: [] };

/** Holds what is there against what shall be; takes three lines for each member: what is wanted, its name, what is there. */
const compare = `
NR % 3 == 1 { split($0, want, " ") }
NR % 3 == 2 { name = $0; all[++count] = name }
NR % 3 == 0 {
  if ($1 == "-") { missing(name); next }
  type = substr(want[1], 1, 1); have = substr($1, 1, 1)
  if (type == "h") { if (have != "-") missing(name); next }
  if (type != have) { missing(name); next }
  if (type == "-" && (want[2] != $2 || want[3] != $5)) { missing(name); next }
  if (type == "l" && $10 == "!") { missing(name); next }
  if (type != "l" && want[1] !~ /[?]/) { pair = want[1] " " substr($1, 1, 10); if (!(pair in seen)) { seen[pair] = 1; pairs[++modes] = pair } }
  who = $3 ":" $4; if (!(who in known)) { known[who] = 1; whose[++owners] = who }
}
function missing(n) { due++; if (due <= 5) first[due] = n }
END {
  listed = ENVIRON["rp_list"] == "yes" ? count : 0
  print "=" count + 0, due + 0, (due < 5 ? due : 5) + 0, modes + 0, owners + 0, listed + 0
  for (i = 1; i <= due && i <= 5; i++) print first[i]
  for (i = 1; i <= modes; i++) print pairs[i]
  for (i = 1; i <= owners; i++) print whose[i]
  for (i = 1; i <= listed; i++) print all[i]
}`.trim();

/** `_unpacked ARCHIVE DEST KIND STRIP KEEP DROP LIST` prints the record. Members are looked at in batches. */
const functions = Shell.trusted(`_unpacked() {
  if [ ! -e "$1" ]; then echo -; return 0; fi
  if [ ! -f "$1" ] || [ ! -r "$1" ]; then echo '!the archive is no file that the user of this task may read; use become: true'; return 0; fi
  _dest=$2 _list=$7
  _m=$(_members "$1" "$3" "$4" "$5" "$6")
  case $_m in '!'*) printf '%s\\n' "\${_m%%"$_nl"*}"; return 0 ;; esac
  { _x=$IFS; set -f; set --; IFS=$_nl
    while IFS= read -r _want && IFS= read -r _name && IFS= read -r _to && IFS= read -r _own; do
      set -- "$@" "$_want" "$_name" "$_to"
      if [ $# -ge 300 ]; then _unpacked_some "$@"; set --; fi
    done <<E
$_m
E
    [ $# -eq 0 ] || _unpacked_some "$@"
  } | rp_list=$_list awk '${compare}'
}
_unpacked_some() {
  IFS=$_x; _paths=; _i=0; _all=$#
  while [ $_i -lt $_all ]; do
    eval "_n$_i=\\\${$((_i+2))} _w$_i=\\\${$((_i+1))} _t$_i=\\\${$((_i+3))}"
    eval "_p$_i=\\$_dest/\\$_n$_i"; _paths="$_paths \\"\\$_p$_i\\""; _i=$((_i+3))
  done
  eval "_entries $_paths"
  IFS=$_nl; set -- $_l; IFS=$_x; _i=0
  for _e do
    eval "_p=\\$_p$_i _w=\\$_w$_i _to=\\$_t$_i _name=\\$_n$_i"
    _ok='='
    case $_w in l*) [ -z "$_to" ] || [ "$(exec readlink "$_p" 2>/dev/null)" = "$_to" ] || _ok='!' ;; esac
    printf '%s\\n%s\\n%s\\n' "$_w" "$_name" "$_e $_ok"
    _i=$((_i+3))
  done
}
`);

/** `unpacked({ archive: "/srv/app.tar.gz", dest: "/srv/app", ... })`: nothing is unpacked to tell it. */
export const unpacked = defineFact<UnpackedKey, Unpacked>({
  kind: "unpacked",
  summary: "How much of an archive of the target lies unpacked in a folder: type, size, time and link target of each member.",
  object: (key) => `${key.archive} in ${key.dest}`,
  files: (key) => [key.archive, key.dest],
  script: (keys) =>
    joinShell([
      entryFunctions,
      memberFunctions,
      functions,
      ...keys.map(
        (k) => sh`_unpacked ${k.archive} ${k.dest} ${k.kind} ${k.strip} ${k.keep ?? ""} ${k.drop ?? ""} ${k.list ? "yes" : "no"}`,
      ),
    ]),
  read: (stdout, keys) => readRecords("unpacked", stdout, keys, (line, records) => (line === "-" ? noArchive : readOne(line, records))),
  absent: ({ present }) => !present,
  brought: () => noArchive,
});

function readOne(line: string, records: Records): Unpacked {
  const [members = 0, due = 0, ...counts] = line.slice(1).split(" ").map(wholeNumber);
  const [first = [], modes = [], owners = [], names = []] = counts.map((n) => Array.from({ length: n }, () => records.line()));
  const pairs = modes.map((pair) => [pair.slice(0, 10), pair.slice(11)] as const);
  return { present: true, members, due, first, modes: pairs, owners, names };
}
