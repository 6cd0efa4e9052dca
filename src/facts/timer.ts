import { defineFact } from "../kernel/fact.ts";
import { sh } from "../kernel/sh.ts";
import { readRecords, tabFields } from "./lines.ts";

/** When a timer elapses; the words are systemd's own, "" for none. */
export interface TimerTimes {
  /** `Sun 2026-11-22 03:30:54 UTC`. null in a prediction: known when it runs. */
  readonly next: string | null;
  /** For a timer that counts from the boot: `1h 5min 30s`. */
  readonly nextUptime: string;
  /** When it elapsed last, like `next`. */
  readonly last: string;
}

const properties = ["NextElapseUSecRealtime", "NextElapseUSecMonotonic", "LastTriggerUSec"];

/** `timer("backup.timer")`: one `systemctl show` for all timers. */
export const timer = defineFact<string, TimerTimes>({
  kind: "timer",
  summary: "When a systemd timer elapses next, and when it did last.",
  object: (name) => name,
  script: (names) => sh`if [ ! -d /run/systemd/system ]; then for _u in ${names}; do echo '!no systemd on this host'; done
else TZ=UTC systemctl show --property=${properties.join(",")} -- ${names} 2>&1 | awk '
function word(key) { return v[key] == "n/a" || v[key] == "infinity" || v[key] == "0" ? "" : v[key] }
function flush() { n++; print word("NextElapseUSecRealtime") "\t" word("NextElapseUSecMonotonic") "\t" word("LastTriggerUSec"); split("", v); filled = 0 }
BEGIN { count = ARGV[1]; ARGV[1] = "" }
$0 == "" { if (filled) flush(); next }
{ at = index($0, "="); if (!at) { said = $0; next } v[substr($0, 1, at - 1)] = substr($0, at + 1); filled = 1 }
END { if (filled) flush(); while (n++ < count) print "!systemctl: " (said == "" ? "no answer" : said) }' ${names.length}; fi`,
  read: (stdout, names) =>
    readRecords("timer", stdout, names, (line) => {
      const [next = "", nextUptime = "", last = ""] = tabFields(line, 3);
      return { next, nextUptime, last };
    }),
  enough: () => true,
  write: (_name, { next, nextUptime, last }) => (next === null ? undefined : `${next}\t${nextUptime}\t${last}\n`),
});
