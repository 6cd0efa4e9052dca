import { type ArchiveKind, memberFunctions } from "../../facts/archive-script.ts";
import type { UnpackedKey } from "../../facts/unpacked.ts";
import type { ExecStep } from "../../kernel/step.ts";

/**
 * Arguments: ARCHIVE DEST KIND STRIP KEEP DROP OWNER MODE DESTMODE. OWNER and MODE may be empty. The members are listed anew and
 * must all land below the folder. A folder entry for the destination itself changes nothing of it.
 */
const program = `
${memberFunctions.text}
umask 022
say() { echo "$1" >&2; exit 1; }
dir=$(mktemp -d) || exit 1
list=$dir/list
trap 'rm -rf "$dir"' EXIT
trap 'exit 1' HUP INT TERM
_members "$1" "$3" "$4" "$5" "$6" >"$list"
read -r first <"$list" || say "nothing of the archive is to be unpacked"
case $first in '!'*) say "\${first#!}" ;; esac
_opener "$3" >&2 || exit 1
if [ "$3" = zip ]; then
  awk 'NR % 4 == 0' "$list" | sed 's/[][*?\\\\]/\\\\&/g' | tr '\\n' '\\000' >"$dir/own"
  TZ=UTC xargs -0 sh -c 'd=$0 a=$1; shift; unzip -qo "$a" "$@" -d "$d" || [ $? -eq 1 ]' "$2" "$1" <"$dir/own" || exit 1
else
  set -- "$@" -xpo -f - -C "$2"
  [ "$4" = 0 ] || set -- "$@" "--strip-components=$4"
  if [ -n "$5$6" ]; then
    awk 'NR % 4 == 0' "$list" >"$dir/own"
    if [ $_tar = gnu ]; then set -- "$@" --no-recursion --no-unquote --verbatim-files-from -T "$dir/own"
    else while IFS= read -r own; do set -- "$@" "$own"; done <"$dir/own"
    fi
  fi
  bad=$( { _opened "$1" | { shift 9; tar "$@" >/dev/null || echo 'tar failed' >&4; }; } 4>&1 ) || exit 1
  [ -z "$bad" ] || say "$bad"
fi
chmod "$9" "$2"
names() { awk "$1" "$list" | tr '\\n' '\\000'; }
cd "$2" || exit 1
if [ -n "$7" ]; then names 'NR % 4 == 2 { print "./" $0 }' | xargs -0 chown -h "$7" || exit 1; fi
if [ -n "$8" ]; then names 'NR % 4 == 1 { link = /^l/ } NR % 4 == 2 && !link { print "./" $0 }' | xargs -0 chmod "$8" || exit 1; fi`.trim();

export interface Unpack extends UnpackedKey {
  readonly kind: ArchiveKind;
  /** `root:`, `:www-data`, `1000:1000`; "" leaves what is unpacked to who unpacks it. */
  readonly owner: string;
  /** As chmod takes it; "" keeps the modes of the archive. */
  readonly mode: string;
  /** Of the folder, as it is and stays. */
  readonly destMode: string;
}

/** Unpacks what is wanted of the archive. */
export function unpackStep(u: Unpack): ExecStep {
  const filter = [u.keep ?? "", u.drop ?? ""];
  return {
    do: "exec",
    argv: ["sh", "-c", program, "sh", u.archive, u.dest, u.kind, String(u.strip), ...filter, u.owner, u.mode, `0${u.destMode}`],
    timeout: 3600,
  };
}
