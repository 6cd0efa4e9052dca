import { packFunctions } from "../../facts/pack-script.ts";
import { type PackedKey, packWords } from "../../facts/packed.ts";
import type { ExecStep } from "../../kernel/step.ts";
import type { Attributes } from "./attributes.ts";

/**
 * Arguments: the words of `_pack_set`, OWNER, MODE, and whether what was packed is removed: yes, or no. The archive is made beside its
 * place; what was packed is removed only when packing it again gives the same. A folder that is packed and holds the archive keeps its
 * time, or the archive would never be the same as what is packed.
 */
const program = `
${packFunctions.text}
say() { echo "$1" >&2; exit 1; }
owner=$7 mode=$8 remove=$9
_pack_set "$1" "$2" "$3" "$4" "$5" "$6"
[ -z "$_why" ] || say "$_why"
new=$_to.rempart.$$
folder=\${_to%/*}/ since=
case $_to in "$_root"/*) since=$(stat -c %y "$folder" 2>/dev/null) ;; esac
keep_time() { [ -z "$since" ] || touch -d "$since" "$folder" 2>/dev/null || :; }
umask 077
trap 'rm -f "$new"' EXIT
trap 'exit 1' HUP INT TERM
set -C
: >"$new" || exit 1
set +C
keep_time
bad=$( { { _pack || echo 'a file could not be read' >&4; } | $_press >"$new" || echo 'the archive could not be written' >&4; } 4>&1 )
[ -z "$bad" ] || say "$bad: nothing was changed"
held=$($_open <"$new" | sha256sum)
again=$(_pack | sha256sum)
[ "$held" = "$again" ] || say "the files changed while they were packed: nothing was changed"
chown "$owner" "$new" && chmod "$mode" "$new" && mv -f "$new" "$_to" || exit 1
keep_time
[ "$remove" = yes ] || exit 0
IFS='
'
set -f
for pattern in $_pats; do
  IFS=
  set +f
  rm -rf -- "$_root"/$pattern || exit 1
  set -f
  IFS='
'
done`.trim();

/** Packs and puts the archive in its place. */
export function packStep(key: PackedKey, { owner, group, mode }: Attributes, remove: boolean): ExecStep {
  return {
    do: "exec",
    argv: ["sh", "-c", program, "sh", ...packWords(key), `${owner}:${group}`, `0${mode}`, remove ? "yes" : "no"],
    timeout: 3600,
  };
}
