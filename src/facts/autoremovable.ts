import { defineFact, NoAnswer } from "../kernel/fact.ts";
import { sh } from "../kernel/sh.ts";
import { readRecords } from "./lines.ts";

/** Packages that came as a dependency and that nothing needs any more. */
export interface Autoremovable {
  readonly packages: readonly string[];
}

/** `autoremovable({ purge: true })`: what `apt-get autoremove` would take away. Slower than the other questions to dpkg. */
export const autoremovable = defineFact<{ readonly purge: boolean }, Autoremovable>({
  kind: "autoremovable",
  summary: "The packages that apt-get autoremove would take away.",
  object: () => "apt",
  script: (keys) => sh`if command -v apt-get >/dev/null 2>&1; then
  _p=$(apt-get -s -o Debug::NoLocking=true autoremove 2>/dev/null | awk '$1 == "Remv" || $1 == "Purg" { printf " %s", $2 }')
  for _k in ${keys.map(() => "k")}; do echo "=$_p"; done
else for _k in ${keys.map(() => "k")}; do echo '!not on this host: no apt'; done; fi`,
  read: (stdout, keys) => readRecords("autoremovable", stdout, keys, (line) => ({ packages: line.split(" ").slice(1) })),
  ifChanged: (_key, _value, object) =>
    object.startsWith("package ") ? new NoAnswer("not known before the packages have changed") : undefined,
  write: (_key, value) => `=${value.packages.map((p) => ` ${p}`).join("")}\n`,
});
