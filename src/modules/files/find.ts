import { z } from "zod";
import { found } from "../../facts/found.ts";
import type { FoundKey } from "../../facts/found-key.ts";
import { defineModule } from "../../kernel/module.ts";
import { cleanPath, filePath } from "../parts/file-path.ts";
import { fileResult, foundFile } from "../parts/found-file.ts";
import { nameList } from "../parts/nameList.ts";
import { refusedArgument } from "../parts/refused-argument.ts";
import { amount, byteUnits, timeUnits } from "../parts/units.ts";

const pattern = z.string().regex(/^[^/\n]+$/, "a pattern is held against the name alone: it has no / and no line break");
const folders = nameList(filePath).transform((paths) => paths.map(cleanPath));

const args = z
  .strictObject({
    paths: folders.optional().describe("Folders of the target to look in, absolute: a list or a text with commas."),
    path: folders.optional().describe("The same as paths."),
    name: folders.optional().describe("The same as paths."),
    patterns: nameList(pattern)
      .default([])
      .describe("Names: shell patterns (`*.log`), or with use_regex regular expressions. Default: all."),
    pattern: nameList(pattern).optional().describe("The same as patterns."),
    excludes: nameList(pattern).default([]).describe("Names that are left out, in the same spelling."),
    exclude: nameList(pattern).optional().describe("The same as excludes."),
    use_regex: z.boolean().default(false).describe("The patterns are regular expressions, held against the beginning of the name."),
    recurse: z.boolean().default(false).describe("Folders below the folders too."),
    depth: z.int().min(1).optional().describe("With recurse: how deep; 1 is what lies in the folders themselves."),
    file_type: z.enum(["any", "directory", "file", "link"]).default("file").describe("What is looked for."),
    hidden: z.boolean().default(false).describe("Names that begin with a dot too."),
    age: amount(timeUnits, "an age is written 10d, or -1h for at most an hour; s m h d w")
      .optional()
      .describe("At least so old (`4w`), or with a minus at most (`-1h`)."),
    age_stamp: z
      .enum(["atime", "ctime", "mtime"])
      .default("mtime")
      .describe("The time that age counts from. Without stat on the target only mtime is known."),
    size: amount(byteUnits, "a size is written 10m, or -1k for at most a kibibyte; b k m g t")
      .optional()
      .describe("Files at least so large (`10m`), or with a minus at most."),
    contains: z
      .string()
      .min(1)
      .regex(/^[^\n]*$/, "one line is looked for")
      .optional()
      .describe("Regular expression (as of grep -E) that a line of the file must begin with."),
    get_checksum: z.boolean().default(false).describe("Read the sha256 of each file."),
    limit: z.int().min(1).optional().describe("No more results than this; the first in the order of their paths."),
    follow: refusedArgument(false, "links are never followed; give the folder that a link leads to"),
    read_whole_file: refusedArgument(false, "contains is held against each line"),
  })
  .refine((a) => [a.paths, a.path, a.name].filter((p) => p !== undefined && p.length > 0).length === 1, {
    error: 'needs the argument "paths" (or "path", or "name"), once',
  })
  .refine((a) => a.depth === undefined || a.recurse, { path: ["depth"], error: "depth goes with recurse: true" })
  .refine((a) => a.contains === undefined || a.file_type === "file", { path: ["contains"], error: "only files contain something" })
  .superRefine((a, context) => {
    for (const name of a.use_regex ? [...patternsOf(a), ...excludesOf(a)] : [])
      if (!expression(name)) context.addIssue({ code: "custom", path: ["patterns"], message: `"${name}" is not a regular expression` });
  });

type Arguments = z.output<typeof args>;

function patternsOf(a: { readonly patterns: readonly string[]; readonly pattern?: readonly string[] | undefined }): readonly string[] {
  return a.pattern ?? a.patterns;
}

function excludesOf(a: { readonly excludes: readonly string[]; readonly exclude?: readonly string[] | undefined }): readonly string[] {
  return a.exclude ?? a.excludes;
}

function expression(text: string): RegExp | undefined {
  try {
    return new RegExp(`^(?:${text})`);
  } catch {
    return undefined;
  }
}

function keyOf(a: Arguments): FoundKey {
  const paths = a.paths ?? a.path ?? a.name ?? [];
  return {
    paths,
    names: a.use_regex ? [] : patternsOf(a),
    not: a.use_regex ? [] : excludesOf(a),
    type: a.file_type,
    depth: a.recurse ? (a.depth ?? null) : 1,
    hidden: a.hidden,
    ...(a.age !== undefined && { age: a.age, stamp: a.age_stamp }),
    ...(a.size !== undefined && { size: a.size }),
    ...(a.contains !== undefined && { line: `^(${a.contains})` }),
    digest: a.get_checksum,
  };
}

/** Whether the name fits the regular expressions; shell patterns were held against it on the target. */
function fits(a: Arguments, path: string): boolean {
  if (!a.use_regex) return true;
  const name = path.slice(path.lastIndexOf("/") + 1);
  const some = (patterns: readonly string[]): boolean => patterns.some((p) => expression(p)?.test(name));
  return (patternsOf(a).length === 0 || some(patternsOf(a))) && !some(excludesOf(a));
}

/** Asks which files lie below folders. */
export const find = defineModule({
  name: "find",
  kind: "question",
  summary: "Ask which files, folders or links lie below folders.",
  notes: [
    "The folders themselves are not among the results, and what cannot be searched is told in skipped_paths.",
    "checksum is a sha256 (Ansible's default is sha1), and size looks at files only.",
    "More than 10000 names that fit are refused, since everything that is found is sent to the controller.",
    "Regular expressions for names are JavaScript's, those of contains are grep's.",
  ],
  args,
  result: z.object({
    files: z.array(foundFile).describe("What was found, in the order of the paths."),
    matched: z.number().describe("How many were found."),
    examined: z.number().describe("How many had the type and a fitting name, before age, size and content were looked at."),
    skipped_paths: z.record(z.string(), z.string()).describe("Folders that were not searched, and why."),
  }),
  examples: [
    { title: "Logs older than four weeks", yaml: "find: { paths: /var/log, patterns: '*.gz', recurse: true, age: 4w }" },
    { title: "Large films", yaml: "find: { paths: [/srv/media], patterns: ['*.mkv', '*.mp4'], recurse: true, size: 20g }" },
    { title: "Which files name the host", yaml: "find: { paths: /etc/nginx/sites-enabled, file_type: file, contains: '.*server_name' }" },
  ],
  facts: (a) => ({ found: found(keyOf(a)) }),
  plan: (_a, facts) => (facts.found.value ? [] : []),
  resultOf(a, { after }) {
    const { entries, examined, skipped } = after.found.value;
    const files = entries.filter((e) => fits(a, e.path)).slice(0, a.limit);
    return { files: files.map(fileResult), matched: files.length, examined, skipped_paths: skipped };
  },
});
