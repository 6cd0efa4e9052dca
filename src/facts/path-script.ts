import { joinShell, Shell, sh } from "../kernel/sh.ts";
import { contentLimit, diffLimit, type PathKey } from "./path-key.ts";

/**
 * One listing, one awk and one digest call for all keys. The paths and the wishes stand in two functions that call what they
 * are given, so that no text is repeated more than once and argument lists stay out of variables.
 * A line that the listing did not print for one of our paths (a link target with a newline in it) spoils the whole listing.
 * BusyBox shows ? for every byte that is not printable ASCII: names are then found by that form, and targets by readlink.
 */
export function pathScript(keys: readonly PathKey[]): Shell {
  const paths = joinShell(
    keys.map((k) => sh` ${operand(k.path)}`),
    "",
  );
  const wishes = joinShell(
    keys.map((k) => sh` ${operand(k.path)} ${wish(k)}`),
    "",
  );
  return joinShell([sh`(_p() { "$@"${paths}; }`, sh`_w() { "$@"${wishes}; }`, body]);
}

function operand(path: string): string {
  if (!path.startsWith("/") || path.includes("\n")) throw new Error(`not an absolute path on one line: ${JSON.stringify(path)}`);
  return path;
}

function wish({ want }: PathKey): readonly string[] {
  return want === undefined
    ? ["-", "-"]
    : want === "content"
      ? ["c", "-"]
      : want === "digest"
        ? ["d", "-"]
        : [String(want.size), want.sha256];
}

/** Prints per path `TYPE SIZE MODE UID GID OWNER GROUP[ TARGET]`, or `-`. Ids become the first name that the target's files give them. */
const listing = `
function bits(s, at, special,  v, c) {
  v = (substr(s, at, 1) == "r") * 4 + (substr(s, at + 1, 1) == "w") * 2
  c = substr(s, at + 2, 1)
  if (c ~ /[xst]/) v++
  if (c ~ /[stST]/) top += special
  return v
}
function names(file, into,  l, f) {
  while ((getline l < file) > 0) if (split(l, f, ":") > 2 && !(f[3] in into) && f[1] ~ /^[^ ]+$/) into[f[3]] = f[1]
  close(file)
}
function name(id, from) { return (id in from) ? from[id] : id }
BEGIN {
  for (i = 1; i < ARGC; i++) {
    path[i] = m = ARGV[i]; gsub(/[^ -~]/, "?", m)
    if (path[i] in mine) continue
    mine[path[i]] = 1
    if (m != path[i]) { shown[m] = path[i]; shared[m]++ }
  }
  count = ARGC - 1; ARGC = 1
  names("/etc/passwd", users); names("/etc/group", groups)
}
{
  if (!match($0, /^[-dlbcpsD][-rwxsStT]+[^ ]? +[0-9]+ +[0-9]+ +[0-9]+ +([0-9]+|[0-9]+, *[0-9]+) +[A-Z][a-z][a-z] +[0-9]+ +[0-9:]+ /)) { bad = 1; next }
  rest = substr($0, RLENGTH + 1); target = ""; kind = substr($0, 1, 1)
  if (kind == "l") {
    at = $5 > 0 ? length(rest) - $5 - 3 : index(rest, " -> ")
    if (at < 2 || substr(rest, at, 4) != " -> ") { bad = 1; next }
    target = " " substr(rest, at + 4); rest = substr(rest, 1, at - 1)
  }
  if (!(rest in mine) && shared[rest] == 1) rest = shown[rest]
  if (!(rest in mine)) { bad = 1; next }
  top = 0
  mode = bits($1, 2, 4) ; mode = mode bits($1, 5, 2) ; mode = mode bits($1, 8, 1)
  type = kind == "-" ? "f" : kind == "d" || kind == "l" ? kind : "o"
  found[rest] = type " " (kind == "-" ? $5 : 0) " " top mode " " $3 " " $4 " " name($3, users) " " name($4, groups) target
}
END { for (i = 1; i <= count; i++) print bad ? "!listing" : (path[i] in found) ? found[path[i]] : "-" }`;

const body = joinShell([
  Shell.trusted(`set -f; unset TIME_STYLE QUOTING_STYLE BLOCK_SIZE LS_BLOCK_SIZE BLOCKSIZE POSIXLY_CORRECT
_n='
'
_l() { ls -ldn -- "$@" 2>/dev/null; }`),
  sh`_t=$(_p _l | _p awk ${listing.trim()})`,
  Shell.trusted(`IFS=$_n
_d() {
  for _e in $_t; do
    case $2:$_e in d:f*|"$2:f $2 "*) [ ! -r "$1" ] || set -- "$@" "$1" ;; esac
    shift 3
  done
  [ $# -eq 0 ] || sha256sum -- "$@" 2>/dev/null
}
_i=0
for _e in $(_w _d); do _i=$((_i+1)); eval "_h$_i=\\$_e"; done
_i=0
_r() {
  for _e in $_t; do
    _x "$1" "$2" "$3"
    shift 3
  done
}
_x() {
  case $_e in
    -) _y "$1"; return ;;
    !*) printf '%s\\n' "$_e"; return ;;
    l*)
      _q=$1; IFS=' '; set -- $_e; IFS=$_n
      _c="$1 $2 $3 $4 $5 $6 $7"; _e=\${_e#"$_c "}
      case $_e in *[?]*) _e=$(readlink "$_q") ;; esac
      case $_e in *"$_n"*) echo !listing ;; *) printf '%s - -\\n%s\\n' "$_c" "$_e" ;; esac
      return ;;
    f*) ;;
    *) printf '%s - -\\n' "$_e"; return ;;
  esac
  _s=\${_e#f }; _s=\${_s%% *}; _g=-; _m=0
  case $2 in
    -) ;;
    c) _m=${contentLimit} ;;
    d|"$_s")
      [ -r "$1" ] || { echo !unreadable; return; }
      _i=$((_i+1)); eval "_g=\\$_h$_i"
      case $_g in "\\\\"*) _g=\${_g#?} ;; *"  $1") ;; *) echo !unreadable; return ;; esac
      _g=\${_g%% *}
      [ "$2" = d ] || [ "$_g" = "$3" ] || _m=${diffLimit} ;;
    *) _m=${diffLimit} ;;
  esac
  if [ $_m -eq 0 ] || [ "$_s" -gt $_m ]; then printf '%s %s -\\n' "$_e" "$_g"; return; fi
  [ -r "$1" ] || { echo !unreadable; return; }
  _c=
  [ "$_s" -eq 0 ] || _c=$(tr -d '\\000' <"$1" 2>/dev/null; echo .)
  _c=\${_c%.}
  if [ \${#_c} -eq "$_s" ]; then printf '%s %s %s\\n%s\\n' "$_e" "$_g" "$_s" "$_c"; else printf '%s %s b\\n' "$_e" "$_g"; fi
}
_y() {
  _q=$1
  while [ -n "$_q" ] && [ ! -e "$_q" ]; do _q=\${_q%/*}; done
  if [ -n "$_q" ] && [ -d "$_q" ] && [ ! -x "$_q" ]; then echo !denied; else echo -; fi
}
_w _r)`),
]);
