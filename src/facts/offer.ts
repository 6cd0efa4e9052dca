import { defineFact } from "../kernel/fact.ts";
import { sh } from "../kernel/sh.ts";
import { type Candidate, candidate } from "./candidate.ts";
import { readRecords } from "./lines.ts";

/** `offer("nginx")`: like candidate, but apt is asked only about packages of which dpkg has no files; where all are there, no program is started. */
export const offer = defineFact<string, Candidate>({
  ...candidate.fact,
  kind: "offer",
  summary: "The version of a package that apt would install now, as long as the package is not there; else nothing.",
  script: (names) => sh`set --
for _n in ${names}; do
  if [ -e "/var/lib/dpkg/info/$_n.list" ]; then continue; fi
  for _f in "/var/lib/dpkg/info/$_n":*.list; do if [ -e "$_f" ]; then continue 2; fi; done
  set -- "$@" "$_n"
done
if [ $# -eq 0 ]; then for _n in ${names}; do echo =; done
elif command -v apt-cache >/dev/null 2>&1; then
  apt-cache policy -- "$@" 2>/dev/null | awk '
BEGIN { for (i = 1; i < ARGC; i++) { name[i] = ARGV[i]; ARGV[i] = "" } count = ARGC - 1 }
/^[^ ].*:$/ { current = substr($0, 1, length($0) - 1) }
/^  Candidate: / { if ($2 != "(none)") version[current] = $2 }
END { for (i = 1; i <= count; i++) {
  plain = name[i]; sub(/:.*/, "", plain)
  if (name[i] in version) print "=" version[name[i]]; else print "=" version[plain]
} }' ${names}
else for _n in ${names}; do echo '!not on this host: no apt'; done; fi`,
  read: (stdout, names) => readRecords("offer", stdout, names, (line) => ({ version: line.slice(1) })),
});
