import { type Diagnostic, nearest } from "../kernel/diagnostic.ts";
import type { Span } from "../kernel/span.ts";
import type { Group } from "./model.ts";

/** What a pattern is matched against: names in the order of the inventory. */
export interface Names {
  readonly hosts: readonly string[];
  readonly groups: ReadonlyMap<string, Group>;
  /** Is this a name of the machine that we run on, which no file need mention? */
  readonly implicit: (name: string) => boolean;
}

/** The names of the hosts that a pattern selects. */
export interface Matched {
  readonly names: ReadonlySet<string>;
  readonly diagnostics: readonly Diagnostic[];
}

/** Ansible's patterns: parts at `,` or `:`; plain parts are joined, then `&` parts intersect, then `!` parts are taken away. */
export function matchPattern(pattern: string, names: Names, at: Span | undefined): Matched {
  const parts = splitPattern(pattern, names);
  const diagnostics: Diagnostic[] = [];
  const matches = (text: string, mayBeNone: boolean): ReadonlySet<string> => {
    const found = matchPart(text, names);
    if (typeof found !== "string") {
      if (found.size > 0 || mayBeNone || names.groups.has(text)) return found;
      diagnostics.push({ severity: "error", message: `no host and no group matches "${text}"`, ...(at && { at }), help: someNames(names) });
      return found;
    }
    diagnostics.push(wrongPart(text, found, names, at));
    return new Set();
  };
  if (parts.length === 0) {
    diagnostics.push({
      severity: "error",
      message: "the host pattern is empty",
      ...(at && { at }),
      help: "write all, or the name of a group or host",
    });
    return { names: new Set(), diagnostics };
  }
  const plain = parts.filter((p) => !/^[!&]/.test(p));
  let selected = new Set((plain.length > 0 ? plain : ["all"]).flatMap((p) => [...matches(p, p === "all" || p === "*")]));
  for (const part of parts.filter((p) => p.startsWith("&"))) selected = keep(selected, matches(part.slice(1), true), true);
  for (const part of parts.filter((p) => p.startsWith("!"))) selected = keep(selected, matches(part.slice(1), true), false);
  return { names: selected, diagnostics };
}

function keep(selected: ReadonlySet<string>, others: ReadonlySet<string>, inside: boolean): Set<string> {
  return new Set([...selected].filter((name) => others.has(name) === inside));
}

/** At commas, and at colons that stand outside brackets and outside a name (an IPv6 address has colons). */
function splitPattern(pattern: string, names: Names): string[] {
  const whole = (text: string): boolean => isName(text.replace(/^[!&]/, ""), names) || names.implicit(text);
  return (whole(pattern) ? [pattern] : pattern.split(","))
    .map((p) => p.trim())
    .flatMap((p) => (whole(p) ? [p] : p.split(/:(?![^[]*\])/)))
    .map((p) => p.trim())
    .filter((p) => p !== "");
}

/** The names, or why the part is wrong. */
function matchPart(text: string, names: Names): ReadonlySet<string> | string {
  if (text.startsWith("~")) return matchRegex(text.slice(1), names);
  if (isName(text, names)) return named(text, names);
  const subscript = /^(.+)\[(-?\d+)(?:([:-])(\d*))?\]$/.exec(text);
  if (subscript) {
    const of = matchPart(subscript[1] ?? "", names);
    return typeof of === "string"
      ? of
      : slice(
          names.hosts.filter((h) => of.has(h)),
          subscript,
        );
  }
  if (/[*?[]/.test(text)) return matchGlob(text, names);
  return names.implicit(text) ? new Set([text]) : "unknown";
}

function isName(text: string, names: Names): boolean {
  return text === "*" || names.groups.has(text) || names.hosts.includes(text);
}

function named(text: string, names: Names): ReadonlySet<string> {
  return new Set(text === "*" ? names.hosts : (names.groups.get(text)?.hosts ?? [text]));
}

/** Both ends count, as in Ansible: `web[0:2]` is three hosts. */
function slice(hosts: readonly string[], subscript: RegExpExecArray): ReadonlySet<string> {
  const first = Number(subscript[2]);
  if (subscript[3] === undefined) return new Set(hosts.at(first) === undefined ? [] : [hosts.at(first) ?? ""]);
  const last = subscript[4] ? Number(subscript[4]) + 1 : undefined;
  return new Set(hosts.slice(first, last));
}

function matchGlob(text: string, names: Names): ReadonlySet<string> | string {
  const source = text
    .replace(/[.+^${}()|\\]/g, "\\$&")
    .replace(/\*/g, ".*")
    .replace(/\?/g, ".")
    .replace(/\[!/g, "[^");
  return matchRegex(`^(?:${source})$`, names);
}

function matchRegex(source: string, names: Names): ReadonlySet<string> | string {
  let regex: RegExp;
  try {
    regex = new RegExp(`^(?:${source})`);
  } catch (error) {
    return error instanceof Error ? error.message : "not a regular expression";
  }
  const groups = [...names.groups.values()].filter((g) => regex.test(g.name)).flatMap((g) => g.hosts);
  return new Set([...groups, ...names.hosts.filter((h) => regex.test(h))]);
}

function wrongPart(text: string, why: string, names: Names, at: Span | undefined): Diagnostic {
  const place = at && { at };
  if (why !== "unknown") return { severity: "error", message: `the pattern "${text}" cannot be read: ${why}`, ...place };
  const all = [...names.groups.keys(), ...names.hosts];
  const near = nearest(text, all);
  return {
    severity: "error",
    message: `no host and no group is named "${text}"`,
    ...place,
    help: near ? `did you mean "${near}"?` : someNames(names),
  };
}

function someNames(names: Names): string {
  const all = [...names.groups.keys(), ...names.hosts];
  return `the inventory has ${all.length > 12 ? `${all.slice(0, 12).join(", ")}, ...` : all.join(", ")}`;
}
