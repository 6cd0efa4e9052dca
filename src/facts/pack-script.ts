import { Shell } from "../kernel/sh.ts";

export const packKinds = ["gz", "bz2", "xz", "tar"] as const;
export type PackKind = (typeof packKinds)[number];

/**
 * `_pack_set KIND ROOT DEST FORCE COUNT PATTERN... EXCLUDE-WORDS...` keeps what is asked in variables. `_pack_found` leaves in `_single` whether it is one
 * file that is only compressed. `_pack_list` prints the names below ROOT in the order of their bytes, each ended by NUL, and `_pack` what
 * the archive holds, uncompressed: the same files give the same bytes.
 */
export const packFunctions: Shell = Shell.trusted(`_nl='
'
_pack_set() {
  _kind=$1 _root=$2 _to=$3 _force=$4 _pats=$5 _not=$6
  case $_kind in gz) _press='gzip -nc' _open='gzip -dc' ;; bz2) _press='bzip2 -c' _open='bzip2 -dc' ;; xz) _press='xz -c' _open='xz -dc' ;; *) _press=cat _open=cat ;; esac
  _single= _why=
  command -v \${_press%% *} >/dev/null 2>&1 || _why="\${_press%% *} is not on this host, and $_kind needs it"
  if [ "$_force" = no ] && [ $_kind != tar ]; then
    _x=$IFS; IFS=; set +f; set -- $_root/$_pats; IFS=$_x
    case $_pats in *"$_nl"*) ;; *) if [ $# -eq 1 ] && [ -f "$1" ] && [ ! -L "$1" ]; then _single=$1; fi ;; esac
  fi
  if [ -n "$_single" ]; then return 0; fi
  case $(tar --version 2>/dev/null) in *'GNU tar'*) ;; *) _why='the same files give the same archive with GNU tar only, which is not on this host' ;; esac
}
_pack_list() {
  ( cd "$_root/" || exit 0
    IFS=$_nl; set -f; set -- $_not; IFS=' '
    _i=$#
    while [ $_i -gt 0 ]; do
      case $1 in name:*) set -- "$@" -name "\${1#name:}" -o ;; *) set -- "$@" -path "./$1" -o ;; esac
      shift; _i=$((_i-1))
    done
    _in="./\${_to#"$_root"/}"
    IFS=$_nl
    for _p in $_pats; do
      IFS=; set +f
      for _f in ./$_p; do
        if [ -e "$_f" ] || [ -L "$_f" ]; then find "$_f" '(' "$@" -path "$_in" -o -path "$_in.rempart.*" ')' -prune -o ! -type s -print0; fi
      done
      set -f; IFS=$_nl
    done ) 2>/dev/null | sed -z 's,^\\./,,' | LC_ALL=C sort -zu
}
_pack_any() {
  ( cd "$_root/" || exit 1
    IFS=$_nl; set -f
    for _p in $_pats; do
      IFS=; set +f
      for _f in ./$_p; do if [ -e "$_f" ] || [ -L "$_f" ]; then exit 0; fi; done
      set -f; IFS=$_nl
    done
    exit 1 ) 2>/dev/null
}
_pack() {
  if [ -n "$_single" ]; then cat -- "$_single"
  else ( cd "$_root/" && _pack_list | tar --null --no-recursion --verbatim-files-from --format=gnu -cf - -T - 2>/dev/null ); fi
}
`);
