import { octalMode } from "../../facts/entry.ts";
import { absent, type PathValue } from "../../facts/path.ts";
import type { Program } from "../../facts/program.ts";
import type { Unpacked, UnpackedKey } from "../../facts/unpacked.ts";
import type { Change, ChangedField } from "../../kernel/change.ts";
import type { Answer } from "../../kernel/fact.ts";
import { type Refusal, refusal } from "../../kernel/module.ts";
import { archiveAt, archiveFields, bringSteps, isAddress, kindOfSource, type SourceArguments, wantedDigest } from "./archive-source.ts";
import { type AttributeAnswers, type AttributeArguments, type Attributes, wantedAttributes } from "./attributes.ts";
import { memberPattern } from "./member-patterns.ts";
import { modeAfter } from "./mode.ts";
import { unpackStep } from "./unpack-step.ts";

interface Arguments extends SourceArguments, AttributeArguments {
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  readonly extra_opts: readonly string[];
  readonly list_files: boolean;
}

interface UnpackAnswers extends AttributeAnswers {
  readonly archive: Answer<PathValue>;
  readonly dest: Answer<PathValue>;
  readonly tree: Answer<Unpacked>;
  readonly creates: readonly Answer<PathValue>[];
  readonly programs: readonly Answer<Program>[];
}

/** What is asked about the archive and its folder. */
export function keyOf(a: Arguments): UnpackedKey {
  return {
    archive: archiveAt(a),
    kind: kindOfSource(a) ?? "tar",
    dest: a.dest === "/" ? "" : a.dest,
    strip: Number(a.extra_opts[0]?.split("=")[1] ?? 0),
    ...(a.include.length > 0 && { keep: memberPattern(a.include) }),
    ...(a.exclude.length > 0 && { drop: memberPattern(a.exclude) }),
    list: a.list_files,
  };
}

/** The change that unpacks the archive, nothing when all of it lies there. */
export function planUnpack(a: Arguments, facts: UnpackAnswers): readonly Change[] | Refusal {
  if (facts.creates.some((c) => c.value.type !== "absent")) return [];
  const dest = facts.dest.value;
  if (dest.type === "absent")
    return refusal(`the folder ${a.dest} is not there: make it with a task "file: { path: ${a.dest}, state: directory }" before this one`);
  if (dest.type === "link") return refusal(`${a.dest} is a link to ${dest.target ?? "?"}: name the path that it leads to`);
  if (dest.type !== "directory") return refusal(`${a.dest} is not a folder`);
  const mine = wantedAttributes({ mode: "0600" }, facts, absent, absent, { mode: "0600", directory: false });
  const wanted = wantedAttributes(a, facts, absent, absent, { mode: "0600", directory: false });
  if ("refused" in mine) return mine;
  if ("refused" in wanted) return wanted;
  const brings = broughtFirst(a, facts);
  if (typeof brings !== "boolean") return brings;
  const tree = facts.tree.value;
  const fields = brings || !tree.present ? [unpackedField("all of it")] : differences(a, tree, wanted);
  if (fields.length === 0) return [];
  const step = unpackStep({
    ...keyOf(a),
    dest: a.dest,
    owner: ownerOf(a, wanted),
    mode: a.mode === undefined ? "" : chmodWord(a.mode),
    destMode: dest.mode,
  });
  return [
    {
      subject: `unpacked in ${a.dest}`,
      fields: [...(brings ? archiveFields(a, facts.archive.value) : []), ...fields],
      steps: [...(brings ? bringSteps(a, mine) : []), step],
      predicts: brings ? [{ question: facts.archive.question, value: bornArchive(a, mine) }] : [],
      opaque: true,
    },
  ];
}

/** Whether the archive has to be brought to the target first, or why it cannot be used. */
function broughtFirst(a: Arguments, { archive, programs }: UnpackAnswers): boolean | Refusal {
  const now = archive.value;
  const at = archiveAt(a);
  const digest = wantedDigest(a);
  if (typeof a.src === "string" && !isAddress(a.src)) {
    if (now.type === "absent")
      return refusal(`${at} is not on the host: put it there before this task, or take remote_src away for a file of the controller`);
    if (digest !== undefined && now.sha256 !== undefined && now.sha256 !== digest)
      return refusal(`${at} has the sha256 ${now.sha256}, not the wanted one: nothing is unpacked`);
    return now.type === "file" || now.type === "link" || now.type === "something" ? false : refusal(`${at} is no file`);
  }
  if (now.type !== "absent" && now.type !== "file") return refusal(`${at} is a ${now.type} on the host: the archive cannot be kept there`);
  if (now.type === "file" && now.sha256 === digest) return false;
  if (programs.length > 0 && programs.every((p) => !p.value.there))
    return refusal("neither curl nor wget is on this host: install one of them before this task");
  return true;
}

function differences(a: Arguments, tree: Unpacked, wanted: Attributes): ChangedField[] {
  const fields: ChangedField[] = [];
  const more = tree.due - tree.first.length;
  if (tree.due > 0) fields.push(unpackedField(`${tree.first.join(", ")}${more > 0 ? ` and ${more} more` : ""}`));
  const modes = tree.modes.flatMap(([packed, now]) => {
    const due = a.mode === undefined ? octalMode(packed) : modeAfter(a.mode, octalMode(packed), packed.startsWith("d"));
    return due === octalMode(now) ? [] : [[octalMode(now), due] as const];
  });
  if (modes.length > 0)
    fields.push({ name: "mode", before: unique(modes.map(([now]) => now)), after: unique(modes.map(([, due]) => due)) });
  const owners = tree.owners.map((o) => o.split(":"));
  const wrong = (i: number, id: number): boolean => id < 0 || owners.some((o) => Number(o[i]) !== id);
  if (a.owner !== undefined && wrong(0, wanted.uid))
    fields.push({ name: "owner", before: unique(owners.map(([uid = ""]) => uid)), after: wanted.owner });
  if (a.group !== undefined && wrong(1, wanted.gid))
    fields.push({ name: "group", before: unique(owners.map(([, gid = ""]) => gid)), after: wanted.group });
  return fields;
}

function unique(values: readonly string[]): string {
  return [...new Set(values)].sort().join(", ");
}

function unpackedField(what: string): ChangedField {
  return { name: "unpacked", before: undefined, after: what, action: true };
}

function ownerOf(a: Arguments, wanted: Attributes): string {
  return a.owner === undefined && a.group === undefined
    ? ""
    : `${a.owner === undefined ? "" : wanted.owner}${a.group === undefined ? "" : `:${wanted.group}`}`;
}

/** Five digits, as four would leave the set-id bits of a folder. */
function chmodWord(mode: string): string {
  return /^[0-7]+$/.test(mode) ? `0${mode.slice(-4).padStart(4, "0")}` : mode;
}

function bornArchive(a: Arguments, mine: Attributes): PathValue {
  const sha256 = wantedDigest(a);
  return { type: "file", ...mine, size: typeof a.src === "string" ? -1 : a.src.size, ...(sha256 !== undefined && { sha256 }) };
}
