import { defineFact } from "../kernel/fact.ts";
import { Shell, sh } from "../kernel/sh.ts";
import { readRecords, wholeNumber } from "./lines.ts";
import type { Records } from "./records.ts";

/** A table, and the text that declares it whole; without one only what is there is asked. */
export interface NftablesKey {
  readonly family: string;
  readonly name: string;
  /** A ruleset for `nft -f` that makes this table and nothing else. */
  readonly ruleset?: string;
}

/** A table of nftables. Both texts are listings of one nft, without counters and handles, so that they can be compared. */
export interface NftablesTable {
  /** As it is in the kernel; "" when it is not there. */
  readonly live: string;
  /** As it would be; "" when nothing is declared. null: not known before nft is installed. */
  readonly wanted: string | null;
  /** Why nft does not take what is declared. */
  readonly error: string;
  /** In a prediction: the ruleset that `wanted` is about. */
  readonly of?: string;
}

/**
 * The same nft makes and lists the declared table in an empty network namespace, where it meets no packet: so sets, names and
 * numbers have the form in which the kernel gives them back. What rules add to a set (`_s` leaves that out) is no part of either.
 */
const compare = Shell.trusted(`_s() { awk '/^\\t(set|map) / { own = 0 } /^\\t\\tflags .*(dynamic|timeout)/ { own = 1 }
own && /^\\t\\telements = / { skip = 1 } !skip { print } skip && /}$/ { skip = 0 }'; }
_t() { _e=; _w=
_l=$(nft -s list table "$1" "$2" 2>/dev/null | _s)
if [ -n "$3" ]; then
  _w=$(unshare -n -- sh -c 'printf %s "$3" | nft -f - && nft list tables && nft -s list table "$1" "$2"' sh "$1" "$2" "$3" 2>&1) || { _e=$_w; _w=; }
  _h="table $1 $2
"
  case $_e$_w in
    unshare:*) _e='!a network namespace, to compare in, cannot be made on this host: '$_e$_w ;;
    "$_h"*) _w=\${_w#"$_h"}; case $_w in "table $1 $2 {"*) ;; *) _e='it makes other tables too'; _w= ;; esac ;;
    *) [ -n "$_e" ] || _e="unexpected: $_w"; _w= ;;
  esac
fi
[ -z "$_w" ] || _w=$(printf '%s\\n' "$_w" | _s)
case $_e in '!'*) printf '%s\\n' "$_e" | head -n 1; return ;; esac
for _x in "$_l" "$_w" "$_e"; do if [ -z "$_x" ]; then echo 0; else printf '%s\\n' "$_x" | grep -c ''; printf '%s\\n' "$_x"; fi; done; }
`);

/** `nftables({ family: "inet", name: "edge", ruleset })`: the live table, and what the ruleset would make of it. */
export const nftables = defineFact<NftablesKey, NftablesTable>({
  kind: "nftables",
  summary: "A table of nftables in the running kernel, beside the form that the declared one would have there.",
  object: ({ family, name }) => `${family} ${name}`,
  script: (keys) => sh`${compare}
if ! command -v nft >/dev/null 2>&1; then for _k in ${keys.map(() => "k")}; do echo '!nft is not installed on this host'; done
elif ! nft list tables >/dev/null 2>&1; then for _k in ${keys.map(() => "k")}; do echo '!the rules cannot be read: the task needs become: true'; done
else set -- ${keys.flatMap(({ family, name, ruleset = "" }) => [family, name, ruleset])}
while [ $# -gt 0 ]; do _t "$1" "$2" "$3"; shift 3; done; fi`,
  read: (stdout, keys) => readRecords("nftables", stdout, keys, readTable),
  absent: ({ live }) => live === "",
  brought: () => ({ live: "", wanted: null, error: "" }),
  enough: (key, { of }) => of === undefined || of === (key.ruleset ?? ""),
  write: (key, { live, wanted, error, of = key.ruleset ?? "" }) =>
    wanted === null || of !== (key.ruleset ?? "") ? undefined : [live, wanted, error].map(counted).join(""),
});

function readTable(first: string, records: Records): NftablesTable {
  const lines = (count: string): string => Array.from({ length: wholeNumber(count) }, () => records.line()).join("\n");
  const live = lines(first);
  const wanted = lines(records.line());
  return { live, wanted, error: lines(records.line()) };
}

function counted(text: string): string {
  return text === "" ? "0\n" : `${text.split("\n").length}\n${text}\n`;
}
