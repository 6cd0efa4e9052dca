import { defineFact } from "../kernel/fact.ts";
import { sh } from "../kernel/sh.ts";
import { readRecords } from "./lines.ts";

/** Whether `apt-get update` may be left out. */
export interface AptLists {
  readonly fresh: boolean;
}

/** Seconds that the lists stay good. */
export interface AptListsKey {
  readonly valid: number;
}

/** An object of the kind path that says where packages come from. */
export const aptSource = /^path \/etc\/apt\/(sources\.list|keyrings)(\/|\.d\/|$)/;

/**
 * `aptLists({ valid: 3600 })`: there are lists, they are not older than that (in whole minutes), and no source, key or
 * preference was written since. The answer is a word and not an age, so that it stays the same from one second to the next.
 */
export const aptLists = defineFact<AptListsKey, AptLists>({
  kind: "apt_lists",
  summary: "Whether apt's package lists are young enough, and younger than every source.",
  object: () => "apt",
  script: (keys) => sh`if command -v apt-get >/dev/null 2>&1; then
  ( cd /var/lib/apt/lists 2>/dev/null && set -- *Release && [ -e "$1" ] &&
  [ -z "$(find /etc/apt/sources.list /etc/apt/sources.list.d /etc/apt/keyrings -newer . 2>/dev/null | head -n 1)" ] && _f=yes || _f=no
  for _m in ${keys.map((key) => String(Math.max(1, Math.ceil(key.valid / 60))))}; do
    if [ $_f = yes ] && [ -n "$(find . -maxdepth 0 -mmin "-$_m")" ]; then echo fresh; else echo stale; fi
  done )
else for _m in ${keys.map(() => "-")}; do echo '!not on this host: no apt'; done; fi`,
  read: (stdout, keys) => readRecords("apt_lists", stdout, keys, (line) => ({ fresh: line === "fresh" })),
  ifChanged: (_key, _value, object) => (aptSource.test(object) ? { fresh: false } : undefined),
  write: (_key, value) => (value.fresh ? "fresh\n" : "stale\n"),
});
