import { defineFact, NoAnswer } from "../kernel/fact.ts";
import { joinShell, type Shell, sh } from "../kernel/sh.ts";
import { collected } from "./collected.ts";
import { type Entry, readEntry } from "./entry.ts";
import { entryFunctions } from "./entry-script.ts";
import { type FoundKey, mostNames } from "./found-key.ts";
import { findWords, foundFunctions } from "./found-script.ts";
import { readRecords, wholeNumber } from "./lines.ts";
import type { Records } from "./records.ts";

export interface FoundEntry extends Entry {
  readonly path: string;
  /** In hex, when it was asked for and the file could be read. */
  readonly sha256?: string;
}

export interface Found {
  /** In the order of their paths. */
  readonly entries: readonly FoundEntry[];
  /** How many have the type and a fitting name. */
  readonly examined: number;
  /** Why a path was not searched. */
  readonly skipped: Readonly<Record<string, string>>;
}

/** `found({ paths: ["/var/log"], names: ["*.gz"], ... })`: what lies below folders. */
export const found = defineFact<FoundKey, Found>({
  kind: "found",
  summary: "Files, folders and links below folders that fit a name, type, age, size or content.",
  object: (key) => `${key.names.join(" ") || "everything"} below ${key.paths.join(" ")}`,
  files: (key) => key.paths,
  ...collected([entryFunctions, foundFunctions], (keys) => joinShell([sh`_o=`, ...keys.map(ask)])),
  read: (stdout, keys) => readRecords("found", stdout, keys, readFound).map(toldWhy),
});

function readFound(first: string, records: Records): Found {
  const [count = 0, examined = 0, skips = 0] = first.slice(1).split(" ").map(wholeNumber);
  const skipped = Array.from({ length: skips }, () => {
    const [why = "", ...path] = records.line().split(" ");
    return [path.join(" "), whySkipped[why] ?? why] as const;
  });
  const entries = Array.from({ length: count }, (): FoundEntry => {
    const words = records.line().split(" ");
    const [sha256 = "-", length = ""] = words.slice(-2);
    const path = records.bytes(wholeNumber(length)).toString("utf8");
    return { path, ...readEntry(words.slice(0, -2).join(" ")), ...(sha256 !== "-" && { sha256 }) };
  });
  const inOrder = entries.sort((a, b) => Buffer.compare(Buffer.from(a.path), Buffer.from(b.path)));
  return { entries: inOrder, examined, skipped: Object.fromEntries(skipped) };
}

function toldWhy(value: Found | NoAnswer): Found | NoAnswer {
  return value instanceof NoAnswer ? new NoAnswer(whyNot[value.why] ?? value.why) : value;
}

const whyNot: Readonly<Record<string, string>> = {
  many: `more than ${mostNames} names fit: narrow the search with paths, patterns or depth`,
  expression: "grep -E on this host does not understand the regular expression",
};

const whySkipped: Readonly<Record<string, string>> = {
  absent: "there is nothing",
  other: "it is not a folder",
  denied: "the user of this task may not look there; use become: true",
};

function ask(key: FoundKey): Shell {
  const { age = "", stamp = "mtime", size = "", line = "", digest } = key;
  return sh`_found_new
for _p in ${key.paths}; do _found_in "$_p" ${findWords(key)}; done
_found_tell ${String(age)} ${stamp} ${String(size)} ${line} ${digest ? "yes" : "no"}`;
}
