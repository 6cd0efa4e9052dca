import { defineFact, NoAnswer } from "../kernel/fact.ts";
import { type Shell, sh } from "../kernel/sh.ts";
import { aptSource } from "./apt-lists.ts";
import { readRecords } from "./lines.ts";

/** What apt would install. */
export interface Candidate {
  /** "" when no repository has the package. */
  readonly version: string;
}

/** The condition and the rest of an `if`: asks apt about the words of `asked`, and prints a record for each of the names. */
export function policy(asked: Shell, names: readonly string[]): Shell {
  return sh`command -v apt-cache >/dev/null 2>&1; then
  apt-cache policy -- ${asked} 2>/dev/null | awk '
BEGIN { for (i = 1; i < ARGC; i++) { name[i] = ARGV[i]; ARGV[i] = "" } count = ARGC - 1 }
/^[^ ].*:$/ { current = substr($0, 1, length($0) - 1) }
/^  Candidate: / { if ($2 != "(none)") version[current] = $2 }
END { for (i = 1; i <= count; i++) {
  plain = name[i]; sub(/:.*/, "", plain)
  if (name[i] in version) print "=" version[name[i]]; else print "=" version[plain]
} }' ${names}
else for _n in ${names}; do echo '!not on this host: no apt'; done; fi`;
}

/** `candidate("nginx")`: one apt-cache policy for all names. With the lists as they are: it updates nothing. */
export const candidate = defineFact<string, Candidate>({
  kind: "candidate",
  summary: "The version of a package that apt would install now.",
  object: (name) => name,
  script: (names) => sh`if ${policy(sh`${names}`, names)}`,
  read: (stdout, names) => readRecords("candidate", stdout, names, (line) => ({ version: line.slice(1) })),
  ifChanged: (_name, _value, object) =>
    object === "apt_lists apt" || aptSource.test(object) || object.startsWith("path /etc/apt/preferences")
      ? new NoAnswer("not known before the package lists are updated")
      : undefined,
  write: (_name, value) => `=${value.version}\n`,
});
