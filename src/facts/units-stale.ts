import { defineFact } from "../kernel/fact.ts";
import { sh } from "../kernel/sh.ts";
import { readRecords } from "./lines.ts";
import { unitFile } from "./unit.ts";

/** Whether systemd has read the newest files of all its units. */
export interface UnitsStale {
  readonly stale: boolean;
}

/** `unitsStale({})`: is there a loaded unit, running or not, whose file, drop-in or source is newer than what systemd has read? */
export const unitsStale = defineFact<Record<never, never>, UnitsStale>({
  kind: "units_stale",
  summary: "Whether a loaded systemd unit has a newer file than the one that was read.",
  object: () => "systemd",
  script: (keys) => sh`if [ -d /run/systemd/system ]; then
  case $(systemctl show --all --property=NeedDaemonReload '*' 2>&1) in *=yes*) _s=yes ;; *=no*) _s=no ;; *) _s='!systemctl does not answer' ;; esac
else _s='!no systemd on this host'; fi
for _k in ${keys.map(() => "k")}; do echo "$_s"; done`,
  read: (stdout, keys) => readRecords("units_stale", stdout, keys, (line) => ({ stale: line === "yes" })),
  ifChanged: (_key, _value, object) => (unitFile.test(object) ? { stale: true } : undefined),
  write: (_key, value) => (value.stale ? "yes\n" : "no\n"),
});
