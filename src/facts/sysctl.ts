import { defineFact } from "../kernel/fact.ts";
import { sh } from "../kernel/sh.ts";
import { caught } from "./collected.ts";
import { readRecords } from "./lines.ts";

/** The running value of a kernel parameter. */
export interface Sysctl {
  /** Blanks are single spaces. null: there is no such parameter, or it cannot be read. */
  readonly value: string | null;
}

/** `net.ipv4.ip_forward` or, for interfaces with a dot, `net/ipv4/conf/eth0.100/forwarding`, as sysctl(8) reads names. */
export function sysctlPath(name: string): string {
  const slashFirst = name.search(/[./]/) >= 0 && name[name.search(/[./]/)] === "/";
  return `/proc/sys/${slashFirst ? name : name.replace(/[./]/g, (c) => (c === "." ? "/" : "."))}`;
}

/** The form that two names of one parameter share. */
export function sysctlName(name: string): string {
  return sysctlPath(name).slice("/proc/sys/".length);
}

/** `sysctl("net.ipv4.ip_forward")`: one awk for all names. */
export const sysctl = defineFact<string, Sysctl>({
  kind: "sysctl",
  summary: "The running value of a kernel parameter.",
  object: sysctlName,
  ...caught(
    (names) => sh`awk 'BEGIN {
  for (i = 1; i < ARGC; i++) {
    value = ""; lines = 0
    while ((got = (getline line < ARGV[i])) > 0) { value = value (lines++ ? " " : "") line }
    gsub(/[ \t]+/, " ", value); sub(/^ /, "", value); sub(/ $/, "", value)
    if (got < 0 && !lines) print "-"; else print "=" value
    close(ARGV[i])
  }
}' ${names.map(sysctlPath)}`,
  ),
  read: (stdout, names) => readRecords("sysctl", stdout, names, (line) => ({ value: line === "-" ? null : line.slice(1) })),
  absent: ({ value }) => value === null,
  write: (_name, { value }) => (value === null ? "-\n" : `=${value}\n`),
});
