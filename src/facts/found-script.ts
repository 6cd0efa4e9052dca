import { Shell } from "../kernel/sh.ts";
import { type FoundKey, mostNames } from "./found-key.ts";

/** The words of find, in the few that BusyBox has too. */
export function findWords({ names, not, type, depth, hidden }: FoundKey): string[] {
  const any = (patterns: readonly string[]): string[] =>
    patterns.length === 0 ? [] : ["(", ...patterns.flatMap((p, i) => [...(i > 0 ? ["-o"] : []), "-name", literalBackslash(p)]), ")"];
  return [
    "-mindepth",
    "1",
    ...(depth === null ? [] : ["-maxdepth", String(depth)]),
    ...(type === "any" ? [] : ["-type", { file: "f", directory: "d", link: "l" }[type]]),
    ...any(names),
    ...(not.length > 0 ? ["!", ...any(not)] : []),
    ...(hidden ? [] : ["!", "-name", ".*"]),
  ];
}

/** In Ansible's patterns a backslash is a letter like others. */
function literalBackslash(pattern: string): string {
  return pattern.replaceAll("\\", "\\\\");
}

/**
 * `_found_in FOLDER WORD...` adds what find names below the folder to `_f`, a line each; a line break in a name stands there as the
 * byte 1. `_found_tell AGE STAMP SIZE LINE DIGEST` tells what passes.
 */
export const foundFunctions: Shell = Shell.trusted(`_found_new() { _f= _s= _k=0 _one=$(printf '\\001'); }
_found_in() {
  _p=\${1%/}; shift
  _w=
  if [ ! -e "$_p/" ]; then _w=absent; [ ! -e "$_p" ] || _w=other; elif [ ! -r "$_p/" ] || [ ! -x "$_p/" ]; then _w=denied; fi
  if [ -n "$_w" ]; then _k=$((_k+1)); _s="$_s$_w \${_p:-/}$_nl"; return; fi
  _m=$(find "$_p/" "$@" -print0 2>/dev/null | tr '\\n\\000' '\\001\\n' | head -n ${mostNames + 1})
  [ -z "$_m" ] || _f=$_f$_m$_nl
}
_found_tell() {
  _age=$1 _stamp=$2 _size=$3 _line=$4 _digest=$5
  _x=$IFS; set -f; IFS=$_nl; set -- $_f; IFS=$_x; set +f
  _total=$#
  if [ $_total -gt ${mostNames} ]; then _o="$_o!many$_nl"; return; fi
  if [ -n "$_line" ]; then
    _w=0; echo | grep -qE -e "$_line" 2>/dev/null || _w=$?
    if [ $_w -gt 1 ]; then _o="$_o!expression$_nl"; return; fi
  fi
  [ -z "$_age" ] || _now=$(date +%s)
  _f= _n=0
  while [ $# -gt 0 ]; do
    _g=0
    _found_some "$@"
    shift $_g
  done
  _o="$_o=$_n $_total $_k$_nl$_s$_f"
}
_found_some() {
  _i=0; _args=
  for _a do
    [ $_i -lt 200 ] || break
    _i=$((_i+1))
    case $_a in *"$_one"*) _a=$(printf '%s.' "$_a" | tr '\\001' '\\n'); _a=\${_a%.} ;; esac
    eval "_a$_i=\\$_a"; _args="$_args \\"\\$_a$_i\\""
  done
  _g=$_i
  eval "_entries $_args"
  _x=$IFS; set -f; IFS=$_nl; set -- $_l; IFS=$_x; set +f
  _i=0
  for _e do
    _i=$((_i+1))
    [ "$_e" != - ] || continue
    eval "_a=\\$_a$_i"
    _found_one $_e || continue
    _n=$((_n+1)); _f="$_f$_e $_h \${#_a}$_nl$_a$_nl"
  done
}
_found_one() {
  _h=-
  if [ -n "$_age" ]; then
    case $_stamp in mtime) _t=$5 ;; atime) _t=$6 ;; *) _t=$7 ;; esac
    [ "$_t" -ge 0 ] || return 1
    _t=$((_now-_t))
    case $_age in -*) [ $_t -le \${_age#-} ] || return 1 ;; *) [ $_t -ge $_age ] || return 1 ;; esac
  fi
  [ -f "$_a" ] && [ ! -L "$_a" ] || { [ -z "$_line" ]; return; }
  case $_size in '') ;; -*) [ $2 -le \${_size#-} ] || return 1 ;; *) [ $2 -ge $_size ] || return 1 ;; esac
  [ -z "$_line" ] || grep -qE -e "$_line" -- "$_a" 2>/dev/null || return 1
  if [ $_digest = yes ] && [ -r "$_a" ]; then _h=$(exec sha256sum <"$_a" 2>/dev/null); _h=\${_h%% *}; fi
}
`);
