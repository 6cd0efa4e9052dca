import { defineFact } from "../kernel/fact.ts";
import { sh } from "../kernel/sh.ts";
import { collected } from "./collected.ts";
import { readRecords, tabFields } from "./lines.ts";

/** What systemd says about a unit; the words are systemd's own. */
export interface Unit {
  /** The name after aliases were followed: `ssh.service` for `sshd.service`. */
  readonly id: string;
  /** loaded, not-found, masked, bad-setting, error. */
  readonly load: string;
  /** active, inactive, failed, activating, deactivating, reloading. */
  readonly active: string;
  readonly sub: string;
  /** enabled, disabled, static, masked, ...; "" for a unit without a file. */
  readonly enabled: string;
  /** The file is newer than what systemd has read. */
  readonly stale: boolean;
  /** A new number for every start; "" when it does not run. null when it will only be known after a start. */
  readonly invocation: string | null;
  /** The unit file, "" when there is none. */
  readonly file: string;
  /** A service that runs and ends: it is never "started" for long. */
  readonly oneshot: boolean;
}

const properties = [
  "Id",
  "LoadState",
  "ActiveState",
  "SubState",
  "UnitFileState",
  "NeedDaemonReload",
  "InvocationID",
  "FragmentPath",
  "Type",
  "RemainAfterExit",
];

/** An object of the kind path in a folder where systemd looks for unit files, and its name there. */
export const unitFile = /^path \/(?:etc|run|usr\/lib|lib|usr\/local\/lib)\/systemd\/system\/(.+)$/;

/** Reads what the command in its first argument prints, one empty line between units; it starts that itself, which takes a process less than a pipe. */
const program = `
function flush() {
  oneshot = (v["Type"] == "oneshot" && v["RemainAfterExit"] == "no") ? "yes" : "no"
  record[++n] = v["Id"] "\t" v["LoadState"] "\t" v["ActiveState"] "\t" v["SubState"] "\t" v["UnitFileState"] "\t" v["NeedDaemonReload"] "\t" v["InvocationID"] "\t" v["FragmentPath"] "\t" oneshot
  split("", v); filled = 0
}
BEGIN {
  while ((ARGV[1] | getline line) > 0) {
    if (line == "") { if (filled) flush(); continue }
    eq = index(line, "=")
    if (eq) { v[substr(line, 1, eq - 1)] = substr(line, eq + 1); filled = 1 } else if (trouble == "") trouble = line
  }
  if (filled) flush()
  for (i = 1; i <= ARGV[2]; i++) if (n == ARGV[2]) print record[i]; else print "!systemctl: " trouble
}`;

/** `unit("nginx.service")`: one `systemctl show` for all names. Asked after a step until it has held for half a second. */
export const unit = defineFact<string, Unit>({
  kind: "unit",
  summary: "The state of a systemd unit: loaded, active, enabled, and whether systemd has read its newest file.",
  object: (name) => name,
  settle: { hold: 0.5, within: 20 },
  ...collected([], (names) => {
    const show = sh`exec systemctl show --property=${properties.join(",")} -- ${names} 2>&1`;
    return sh`if [ -d /run/systemd/system ]; then _o=$(exec awk ${program} ${show.text} ${names.length})'
'
else _o=; for _u in ${names}; do _o="$_o!no systemd on this host
"; done; fi`;
  }),
  read: (stdout, names) => readRecords("unit", stdout, names, readUnit),
  absent: ({ load }) => load === "not-found",
  enough: () => true,
  ifChanged: (name, u, object) => (isFileOf(name, u, object) ? { ...u, stale: true } : undefined),
  write: (_name, u) =>
    u.invocation === null
      ? undefined
      : `${[u.id, u.load, u.active, u.sub, u.enabled, u.stale ? "yes" : "no", u.invocation, u.file, u.oneshot ? "yes" : "no"].join("\t")}\n`,
});

/** Its unit file or a drop-in, wherever systemd looks for them. */
function isFileOf(name: string, { id, file }: Unit, object: string): boolean {
  const [, found] = unitFile.exec(object) ?? [];
  const template = name.replace(/@.*(?=\.[a-z]+$)/, "@");
  return object === `path ${file}` || (found !== undefined && [name, id, template].some((n) => found === n || found.startsWith(`${n}.d/`)));
}

function readUnit(line: string): Unit {
  const [id, load, active, sub, enabled, stale, invocation, file, oneshot] = tabFields(line, 9) as [
    string,
    string,
    string,
    string,
    string,
    string,
    string,
    string,
    string,
  ];
  return { id, load, active, sub, enabled, stale: stale === "yes", invocation, file, oneshot: oneshot === "yes" };
}
