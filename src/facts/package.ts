import { defineFact } from "../kernel/fact.ts";
import { sh } from "../kernel/sh.ts";
import { collected } from "./collected.ts";
import { readRecords, tabFields } from "./lines.ts";

/** What dpkg knows of a package. */
export interface Package {
  /** config-files: removed, but its configuration is still there. broken: an installation was cut. */
  readonly state: "installed" | "config-files" | "broken" | "absent";
  /** "" when absent; null in a prediction: apt will choose. */
  readonly version: string | null;
  /** apt leaves it alone. */
  readonly hold: boolean;
}

export const noPackage: Package = { state: "absent", version: "", hold: false };

// dpkg-query's own placeholders, not ours. A package that is only known by name has no architecture: that field is empty.
const format = `${["Package", "Architecture", "db:Status-Abbrev", "Version"].map((field) => `$\{${field}}`).join("\\t")}\\n`;

const states = ["installed", "config-files", "broken", "absent"] as const;

/** Reads what the command in its first argument prints, and tells of the packages in the others. */
const program = `BEGIN {
  while ((ARGV[1] | getline) > 0) {
    status = substr($3, 2, 1)
    if (status ~ /[itW]/) state = "installed"; else if (status == "c") state = "config-files"; else if (status == "n") continue; else state = "broken"
    record = state "\t" $4 "\t" (substr($3, 1, 1) == "h" ? "yes" : "no")
    if (!($1 in known) || state == "installed") known[$1] = record
    known[$1 ":" $2] = record
  }
  for (i = 2; i < ARGC; i++) if (ARGV[i] in known) print known[ARGV[i]]; else print "absent\t\tno"
}`;

/** `packageFact("nginx")` or `"libc6:i386"`: one dpkg-query for all names. */
export const packageFact = defineFact<string, Package>({
  kind: "package",
  summary: "Whether a Debian package is installed, in which version, and whether it is on hold.",
  object: (name) => name,
  ...collected([], (names) => {
    const list = sh`exec dpkg-query -W -f ${format} -- ${names} 2>/dev/null`;
    return sh`if command -v dpkg-query >/dev/null 2>&1; then _o=$(exec awk -F '\t' ${program} ${list.text} ${names})'
'
else _o=; for _u in ${names}; do _o="$_o!not on this host: no dpkg
"; done; fi`;
  }),
  read: (stdout, names) =>
    readRecords("package", stdout, names, (line): Package => {
      const [word, version = "", hold] = tabFields(line, 3);
      const state = states.find((s) => s === word);
      if (!state) throw new Error(`package: unexpected record ${JSON.stringify(line)}`);
      return { state, version, hold: hold === "yes" };
    }),
  absent: ({ state }) => state !== "installed",
  enough: () => true,
  write: (_name, p) => (p.version === null ? undefined : `${p.state}\t${p.version}\t${p.hold ? "yes" : "no"}\n`),
});
