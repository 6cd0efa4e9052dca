import { joinShell, Shell, sh } from "../kernel/sh.ts";
import { contentLimit, diffLimit, digestLimit, type PathKey } from "./path-key.ts";

/**
 * One listing and one digest call for all keys, none where nothing stands; everything else is done by builtins. The paths are
 * sorted by bytes, as `ls` sorts, so that its lines come in their order.
 */
export function collectPaths(keys: readonly PathKey[]): Shell {
  const paths = [...new Set(keys.map((k) => operand(k.path)))].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
  const numbers = new Map(paths.map((p, i) => [p, i + 1]));
  const wishes = keys.map((k) => sh`${numbers.get(k.path) ?? 0} ${wish(k)}`);
  return sh`_path_look ${paths}; _path_tell ${joinShell(wishes, " ")}`;
}

function operand(path: string): string {
  if (!path.startsWith("/") || path.includes("\n")) throw new Error(`not an absolute path on one line: ${JSON.stringify(path)}`);
  return path;
}

function wish({ want }: PathKey): readonly string[] {
  if (want === undefined) return ["-", "-"];
  if (want === "content") return ["c", "-"];
  return want === "digest" ? ["d", "-"] : [String(want.size), want.sha256];
}

/**
 * `_path_look PATH...` leaves path N in `_pN`, in `_eN` its listing `TYPE SIZE MODE UID GID OWNER GROUP`, `-` or `!why`, and
 * in `_tN` the target of a link. Ids become the first name that the target's files give them. A line that does not end with its
 * path is no answer: where a name is shown otherwise than it is (BusyBox shows ? for what is not ASCII) it is listed alone, and
 * where lines are missing or a link's target is not as long as it should be (it may hold a line break), all are.
 */
export const lookFunctions: Shell = Shell.trusted(`_path_look() {
  _names=' ' _c=$# _k= _i=0
  for _p do
    _i=$((_i+1)); eval "_p$_i=\\$_p _e$_i=- _h$_i= _t$_i="
    if [ -e "$_p" ] || [ -L "$_p" ]; then _k="$_k $_i"; set -- "$@" "$_p"; continue; fi
    while [ -n "$_p" ] && [ ! -e "$_p" ]; do _p=\${_p%/*}; done
    if [ -n "$_p" ] && [ -d "$_p" ] && [ ! -x "$_p" ]; then eval "_e$_i='!denied'"; fi
  done
  shift $_c
  [ $# -gt 0 ] || return 0
  _q=$IFS; set -f
  _c=$#; _path_list "$@"
  IFS=$_nl; set -- $_l; IFS=' '
  if [ $# -ne $_c ]; then _path_alone $_k
  else for _i in $_k; do
    _l=$1; shift
    eval "_p=\\$_p$_i"; _m=
    if _path_parse $_l; then eval "_e$_i=\\$_e _t$_i=\\$_t"
    else
      case $_l in l*) _path_alone $_k; break ;; esac
      _path_alone $_i
    fi
  done; fi
  IFS=$_q; set +f
}
_path_list() {
  _l=$(unset TIME_STYLE QUOTING_STYLE BLOCK_SIZE LS_BLOCK_SIZE BLOCKSIZE POSIXLY_CORRECT; exec ls -ldn -- "$@" 2>/dev/null)
}
_path_alone() {
  for _i do
    eval "_p=\\$_p$_i"; _path_list "$_p"; _m=1 _t=
    case $_l in
      '') _e=-; if [ -e "$_p" ] || [ -L "$_p" ]; then _e='!listing'; fi ;;
      *"$_nl"*) _e='!listing' ;;
      *) _path_parse $_l || _e='!listing' ;;
    esac
    eval "_e$_i=\\$_e _t$_i=\\$_t"
  done
}
_path_parse() {
  case $1 in [-dlbcpsD][-r][-w][-xsS][-r][-w][-xsS][-r][-w][-xtT]|[-dlbcpsD][-r][-w][-xsS][-r][-w][-xsS][-r][-w][-xtT]?) ;; *) return 1 ;; esac
  case $3:$4 in :*|*:|*[!0-9:]*) return 1 ;; esac
  _g=$1 _u=$3 _v=$4 _t=
  case $5 in *,) shift ;; esac
  case $_l in
    *" $8 $_p") ;;
    *" $8 $_p -> "*) _t=\${_l#*" $8 $_p -> "} ;;
    *) [ -n "$_m" ] || return 1; _t='?' ;;
  esac
  _e='o 0'
  case $_g in
    -*) case $5 in ''|*[!0-9]*) return 1 ;; esac; _e="f $5" ;;
    d*) _e='d 0' ;;
    l*)
      _e='l 0'
      case $_t in *[?]*) _t=$(readlink "$_p" 2>/dev/null; echo .); _t=\${_t%"$_nl".} ;; esac
      case $5:$_t in *:|[!0-9]*|*"$_nl"*) return 1 ;; esac
      [ $5 -eq 0 ] || [ \${#_t} -eq $5 ] || return 1 ;;
  esac
  _y=0 _j=
  _path_bits "\${_g#?}" 4; _path_bits "\${_g#????}" 2; _path_bits "\${_g#???????}" 1
  _e="$_e $_y$_j $_u $_v"
  _name u $_u; _e="$_e \${_w:-$_u}"
  _name g $_v; _e="$_e \${_w:-$_v}"
}
_path_bits() {
  _d=0
  case $1 in r*) _d=4 ;; esac
  case $1 in ?w*) _d=$((_d+2)) ;; esac
  case $1 in ??[xst]*) _d=$((_d+1)) ;; esac
  case $1 in ??[sStT]*) _y=$((_y+$2)) ;; esac
  _j=$_j$_d
}
`);

/** `_path_tell N WANT DIGEST...` adds the records of what `_path_look` found to `_o`. The dot behind a content keeps its last newlines. */
export const tellFunctions: Shell = Shell.trusted(`_path_tell() {
  _k=; _path_wanted "$@"
  [ -z "$_k" ] || _path_digest
  while [ $# -gt 0 ]; do _path_record "$1" "$2" "$3"; shift 3; done
}
_path_wanted() {
  while [ $# -gt 0 ]; do
    eval "_e=\\$_e$1 _p=\\$_p$1"
    case $2:$_e in d:f*|"$2:f $2 "*) _path_due $1 ;; [0-9]*:f*)
      _s=\${_e#f }; _s=\${_s%% *}
      if [ "$_s" -gt ${diffLimit} ] && [ "$_s" -le ${digestLimit} ]; then _path_due $1; fi ;;
    esac
    shift 3
  done
}
_path_due() { case "$_k " in *" $1 "*) ;; *) [ ! -r "$_p" ] || _k="$_k $1" ;; esac; }
_path_digest() {
  _q=$IFS; set -f; IFS=' '
  set --
  for _i in $_k; do eval "set -- \\"\\$@\\" \\"\\$_p$_i\\""; done
  _l=$(exec sha256sum -- "$@" 2>/dev/null)
  IFS=$_nl; set -- $_l; IFS=' '
  for _i in $_k; do [ $# -gt 0 ] || break; eval "_h$_i=\\$1"; shift; done
  IFS=$_q; set +f
}
_path_record() {
  eval "_p=\\$_p$1 _e=\\$_e$1"
  case $_e in
    -|!*) _o=$_o$_e$_nl; return ;;
    l*) eval "_t=\\$_t$1"; _o="$_o$_e - -$_nl$_t$_nl"; return ;;
    f*) ;;
    *) _o="$_o$_e - -$_nl"; return ;;
  esac
  _s=\${_e#f }; _s=\${_s%% *}; _g=- _m=0
  case $2 in
    -) ;;
    c) _m=${contentLimit} ;;
    d|"$_s")
      eval "_g=\\$_h$1"
      case $_g in "\\\\"*) _g=\${_g#?} ;; *"  $_p") ;; *) _o="$_o!unreadable$_nl"; return ;; esac
      _g=\${_g%% *}
      [ "$2" = d ] || [ "$_g" = "$3" ] || _m=${diffLimit} ;;
    *)
      _m=${diffLimit}
      if [ "$_s" -gt $_m ] && [ "$_s" -le ${digestLimit} ]; then
        eval "_g=\\$_h$1"
        case $_g in "\\\\"*) _g=\${_g#?} ;; *"  $_p") ;; *) _g=- ;; esac
        _g=\${_g%% *}
      fi ;;
  esac
  if [ $_m -eq 0 ] || [ "$_s" -gt $_m ]; then _o="$_o$_e $_g -$_nl"; return; fi
  [ -r "$_p" ] || { _o="$_o!unreadable$_nl"; return; }
  _c=.
  [ "$_s" -eq 0 ] || _path_read
  _c=\${_c%.}
  if [ \${#_c} -eq "$_s" ]; then _o="$_o$_e $_g $_s$_nl$_c$_nl"; 
  else
    case $2$_g in c*) ;; *-) _g=$(exec sha256sum <"$_p" 2>/dev/null); _g=\${_g%% *} ;; esac
    _o="$_o$_e \${_g:--} b$_nl"
  fi
}
_path_read() {
  { _c=$(exec cat -- "$_p" - <<E
.
E
); } 2>/dev/null
}
`);
