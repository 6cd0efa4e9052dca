import { Shell } from "../kernel/sh.ts";

/**
 * `_entries PATH...` leaves in `_l` one line per path that stands there, in their order: `MODE SIZE UID GID MTIME ATIME CTIME LINKS INODE`,
 * times in seconds since 1970, the mode as ls shows it. Without stat only the time of the content is
 * told, that of a link not at all; what is not told is -1. A path that went away meanwhile gets the line `-`.
 */
export const entryFunctions: Shell = Shell.trusted(`_nl='
'
_entries() {
  _l= _c=$#
  if command -v stat >/dev/null 2>&1; then
    _l=$(exec stat -c '%A %s %u %g %Y %X %Z %h %i' -- "$@" 2>/dev/null)
    _q=$IFS; set -f; IFS=$_nl; _entry_count $_l; IFS=$_q; set +f
    [ $_d -ne $_c ] || return 0
    _l=; for _e do _m=$(exec stat -c '%A %s %u %g %Y %X %Z %h %i' -- "$_e" 2>/dev/null) || _m=-; _l=$_l$_m$_nl; done
  else
    for _e do _entry_listed; _l=$_l$_m$_nl; done
  fi
  _l=\${_l%"$_nl"}
}
_entry_count() { _d=$#; }
_entry_listed() {
  _m=$(exec ls -ldin -- "$_e" 2>/dev/null) || { _m=-; return; }
  _t=-1; [ -L "$_e" ] || _t=$(exec date -r "$_e" +%s 2>/dev/null) || _t=-1
  _entry_words $_m
}
_entry_words() {
  case $6 in *,) set -- "$1" "$2" "$3" "$4" "$5" 0 ;; esac
  _m="$2 $6 $4 $5 $_t -1 -1 $3 $1"
}
`);
