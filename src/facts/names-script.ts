import { Shell } from "../kernel/sh.ts";

/**
 * Shell functions that read /etc/passwd and /etc/group by builtins: root, who owns most of what is asked about, stands in the
 * first line. `_name u 0` leaves the first name for a number in `_w`, `_number u root` the number for a name, both "" where
 * there is none. `_names` keeps what was found, for the length of one question: it starts as a blank.
 * `_me` leaves in `_me_u` and `_me_g` who acts, which cannot change while a shell runs.
 */
export const namesScript: Shell = Shell.trusted(`_nl='
'
_name() {
  case $_names in *" $1$2="*) _w=\${_names#*" $1$2="} _w=\${_w%% *}; return ;; esac
  _file $1; _w=
  while IFS=: read -r _a _x _b _z || [ -n "$_a" ]; do
    [ "$_b" = "$2" ] || continue
    case $_a in ''|*' '*) continue ;; esac
    _w=$_a; break
  done <$_f
  _names="$_names$1$2=$_w "
}
_number() {
  _file $1; _w=
  while IFS=: read -r _a _x _b _z || [ -n "$_a" ]; do
    [ "$_a" != "$2" ] || { _w=$_b; break; }
  done <$_f
}
_file() {
  case $1 in u) _f=/etc/passwd ;; *) _f=/etc/group ;; esac
  [ -r $_f ] || _f=/dev/null
}
_me() {
  [ -z "\${_me_g-}" ] || return 0
  { while IFS='	 ' read -r _a _x _b _z; do
    case $_a in Uid:) _me_u=$_b ;; Gid:) _me_g=$_b; break ;; esac
  done </proc/self/status; } 2>/dev/null
  [ -n "\${_me_g-}" ] || { _me_u=$(id -u); _me_g=$(id -g); }
}
`);
