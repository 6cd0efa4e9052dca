import { z } from "zod";
import { packKinds } from "../../facts/pack-script.ts";
import { type PackedKey, packed } from "../../facts/packed.ts";
import { path } from "../../facts/path.ts";
import type { Change } from "../../kernel/change.ts";
import { defineModule, type Refusal, refusal } from "../../kernel/module.ts";
import { attributeFields, attributeQuestions, attributeSteps, wantedAttributes } from "../parts/attributes.ts";
import { cleanPath, filePath, parentOf } from "../parts/file-path.ts";
import { nameList } from "../parts/nameList.ts";
import { packStep } from "../parts/pack-step.ts";
import { pathResult, pathResultOf } from "../parts/path-result.ts";
import { type FileAnswers, fieldsOf, noPlace } from "../parts/whole-file.ts";

const paths = nameList(filePath).transform((all) => all.map(cleanPath));

const args = z
  .strictObject({
    path: paths
      .pipe(z.array(z.string()).min(1, "a path is wanted"))
      .describe("What is packed: paths of the target, or shell patterns; a list or a text with commas."),
    dest: filePath.transform(cleanPath).describe("The archive."),
    format: z
      .enum(
        packKinds,
        "gz, bz2, xz and tar are made; zip is not, as the same files do not give the same bytes, by which a second run would know",
      )
      .default("gz")
      .describe("Kind of archive; gz, bz2 and xz are a tar inside, or one file alone that is compressed."),
    exclude_path: paths.default([]).describe("Paths, or shell patterns, that are left out with all in them."),
    exclusion_patterns: z
      .array(z.string().regex(/^[^/\n]+$/, "a pattern is held against names: it has no /"))
      .default([])
      .describe("Shell patterns for the names of files and folders that are left out."),
    force_archive: z.boolean().default(false).describe("One file alone makes a tar too."),
    remove: z.boolean().default(false).describe("Remove what was packed, once it lies in the archive."),
    ...attributeFields,
  })
  .refine((a) => !a.path.includes("/") && !a.path.includes(a.dest), {
    path: ["path"],
    error: "neither / nor the archive itself can be packed",
  })
  .refine((a) => !a.remove || a.path.every((p) => p.split("/").length > 2), {
    path: ["remove"],
    error: "a folder of the system is not removed",
  })
  .refine((a) => !a.remove || (a.exclude_path.length === 0 && a.exclusion_patterns.length === 0), {
    path: ["remove"],
    error: "with exclusions nothing is removed: what was left out would go too",
  })
  .refine((a) => !a.remove || a.path.every((p) => !a.dest.startsWith(`${p}/`)), {
    path: ["remove"],
    error: "the archive lies in a folder that would be removed",
  });

type Arguments = z.output<typeof args>;

/** The folder that holds everything: the common beginning of the paths, up to their first pattern. */
function rootOf(all: readonly string[]): string {
  const parts = all.map((p) => parentOf(p).split("/").slice(1));
  const [first = []] = parts;
  const end = first.findIndex((part, i) => /[*?[]/.test(part) || parts.some((other) => other[i] !== part));
  const common = end < 0 ? first : first.slice(0, end);
  return common
    .filter((part) => part !== "")
    .map((part) => `/${part}`)
    .join("");
}

function keyOf(a: Arguments): PackedKey {
  const root = rootOf(a.path);
  const below = (p: string): string => p.slice(root.length + 1);
  const inside = a.exclude_path.filter((p) => p.startsWith(`${root}/`));
  const not = [...inside.map(below), ...a.exclusion_patterns.map((p) => `name:${p}`)];
  return { kind: a.format, root, patterns: a.path.map(below), not, dest: a.dest, archive: a.force_archive };
}

function planOf(
  a: Arguments,
  facts: FileAnswers & { readonly packed: { readonly value: { count: number; single: boolean; same: boolean } } },
): readonly Change[] | Refusal {
  const now = facts.file.value;
  const { count, single, same } = facts.packed.value;
  if (now.type !== "file" && now.type !== "absent")
    return refusal(`${a.dest} is a ${now.type} on the host: write the whole path of the archive`);
  if (count === 0 && now.type === "absent") return refusal(`there is nothing to pack at ${a.path.join(", ")}`);
  const nowhere = noPlace(facts, a.dest);
  if (nowhere) return nowhere;
  const attributes = wantedAttributes(a, facts, now, facts.parent.value, { mode: "0600", directory: false });
  if ("refused" in attributes) return attributes;
  const packs = count > 0 && (!same || a.remove);
  const steps = packs ? [packStep(keyOf(a), attributes, a.remove)] : attributeSteps([a.dest], now, attributes);
  if (steps.length === 0) return [];
  const content = {
    name: "content",
    before: now.type === "file" ? "another" : undefined,
    after: single ? "one file, compressed" : `${count} files, folders and links`,
  };
  const value = packs ? { type: "file" as const, ...attributes, size: -1 } : { ...now, ...attributes };
  return [
    {
      subject: `archive ${a.dest}`,
      fields: [
        ...fieldsOf(now, attributes),
        ...(packs && !same ? [content] : []),
        ...(packs && a.remove ? [{ name: "packed files", before: a.path.join(", "), after: undefined }] : []),
      ],
      steps,
      predicts: [{ question: facts.file.question, value }],
      opaque: packs || attributes.uid < 0 || attributes.gid < 0,
    },
  ];
}

/** Packs files. */
export const archive = defineModule({
  name: "archive",
  kind: "state",
  summary: "Pack files and folders of the target into an archive there.",
  notes: [
    "The same files give the same archive: names are sorted, and what the archive holds is compared byte for byte with what would be packed, so that a second run changes nothing. It reads everything each time.",
    "GNU tar is needed; one file alone is compressed with what there is.",
    "Without mode a new archive gets 0600, as its files may be secret. Names in it count from the folder that holds all paths.",
    "When nothing of path is there any more and the archive is, nothing is done.",
  ],
  args,
  result: pathResult.extend({
    dest: z.string().describe("The same as path."),
    archived: z.number().describe("Files, folders and links that are packed."),
  }),
  examples: [
    {
      title: "A folder, without its cache",
      yaml: "archive: { path: /srv/jellyfin/config, dest: /srv/backup/jellyfin.tar.gz, exclude_path: /srv/jellyfin/config/cache }",
    },
    {
      title: "Old logs, which are then removed",
      yaml: "archive: { path: '/var/log/app/*.log.1', dest: /srv/old/app.tar.xz, format: xz, remove: true }",
    },
  ],
  facts: (a) => ({
    file: path({ path: a.dest }),
    parent: path({ path: parentOf(a.dest), orSomething: true }),
    packed: packed(keyOf(a)),
    ...attributeQuestions(a),
  }),
  plan: (a, facts) => planOf(a, facts),
  resultOf: (a, { after }) => ({
    ...pathResultOf(a.dest, after.file),
    dest: a.dest,
    archived: after.packed.missing ? 0 : after.packed.value.count,
  }),
});
