import { defineFact } from "../kernel/fact.ts";
import { joinShell, Shell, sh } from "../kernel/sh.ts";
import { readRecords, wholeNumber } from "./lines.ts";
import { type PackKind, packFunctions } from "./pack-script.ts";

export interface PackedKey {
  readonly kind: PackKind;
  /** Folder that the names in the archive count from; "" is /. */
  readonly root: string;
  /** Shell patterns below it. */
  readonly patterns: readonly string[];
  /** Patterns of what is left out: paths below the root, or with `name:` names alone. */
  readonly not: readonly string[];
  readonly dest: string;
  /** One file alone makes an archive too, where it would only be compressed. */
  readonly archive: boolean;
}

/** What is to be packed, beside the archive. */
export interface Packed {
  /** Files, folders and links that are packed. */
  readonly count: number;
  /** It is one file, which is only compressed. */
  readonly single: boolean;
  /** The archive holds exactly that. */
  readonly same: boolean;
}

const functions = Shell.trusted(`_packed() {
  _pack_set "$@"
  if ! _pack_any; then echo '0 no no'; return 0; fi
  if [ -n "$_why" ]; then echo "!$_why"; return 0; fi
  if [ -n "$_single" ]; then _c=1; else _c=$(_pack_list | tr -dc '\\000' | wc -c); _c=$((_c)); fi
  _same=no
  if [ -f "$_to" ] && [ -r "$_to" ]; then
    _a=$( { _pack 2>/dev/null || echo bad; } | sha256sum); _b=$($_open <"$_to" 2>/dev/null | sha256sum)
    [ "$_a" != "$_b" ] || _same=yes
  fi
  if [ -n "$_single" ]; then _s=yes; else _s=no; fi
  echo "$_c $_s $_same"
}
`);

/** The words of `_pack_set` for a key. */
export function packWords({ kind, root, dest, archive, patterns, not }: PackedKey): string[] {
  return [kind, root, dest, archive ? "yes" : "no", patterns.join("\n"), not.join("\n")];
}

/** `packed({ kind: "gz", root: "/srv", patterns: ["app"], ... })`: packs, writes nothing, and compares. */
export const packed = defineFact<PackedKey, Packed>({
  kind: "packed",
  summary: "Whether an archive of the target holds exactly the files, folders and links that are to be packed.",
  object: (key) => `${key.patterns.map((p) => `${key.root}/${p}`).join(" ")} in ${key.dest}`,
  files: (key) => [key.root === "" ? "/" : key.root, key.dest],
  script: (keys) => joinShell([packFunctions, functions, ...keys.map((k) => sh`_packed ${packWords(k)}`)]),
  read: (stdout, keys) =>
    readRecords("packed", stdout, keys, (line) => {
      const [count = "", single, same] = line.split(" ");
      return { count: wholeNumber(count), single: single === "yes", same: same === "yes" };
    }),
  absent: ({ count }) => count === 0,
  brought: () => ({ count: 1, single: false, same: false }),
});
