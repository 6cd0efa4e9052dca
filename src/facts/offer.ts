import { defineFact } from "../kernel/fact.ts";
import { Shell, sh } from "../kernel/sh.ts";
import { type Candidate, candidate, policy } from "./candidate.ts";
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
elif ${policy(Shell.trusted('"$@"'), names)}`,
  read: (stdout, names) => readRecords("offer", stdout, names, (line) => ({ version: line.slice(1) })),
});
