import { z } from "zod";
import { path } from "../../facts/path.ts";
import { program } from "../../facts/program.ts";
import { unpacked } from "../../facts/unpacked.ts";
import type { LocalFile } from "../../kernel/argumentinput.ts";
import { defineModule } from "../../kernel/module.ts";
import { archiveAt, archiveKey, isAddress, kindOfSource } from "../parts/archive-source.ts";
import { attributeFields, attributeQuestions } from "../parts/attributes.ts";
import { cleanPath, filePath } from "../parts/file-path.ts";
import { refusedArgument } from "../parts/refused-argument.ts";
import { keyOf, planUnpack } from "../parts/unpack-plan.ts";

const member = z.string().regex(/^(?!-)[^\n]+$/, "a name in the archive is one line and begins with no -");
const source = z.union(
  [z.string().min(1), z.custom<LocalFile>((v) => typeof v === "object" && v !== null && "sha256" in v)],
  "an archive is wanted",
);

const args = z
  .strictObject({
    src: source.describe(
      "The archive: a file of the controller, with remote_src: true an absolute path of the target, or an address (https://) with checksum. .tar, .tar.gz, .tar.xz, .tar.bz2, .tar.zst and .zip.",
    ),
    dest: filePath.transform(cleanPath).describe("Folder of the target to unpack into. It must be there."),
    remote_src: z.boolean().default(false).describe("src is on the target already."),
    checksum: z
      .string()
      .regex(/^sha256:[0-9a-fA-F]{64}$/, 'only a sha256 proves it: "sha256:" and 64 hex digits')
      .optional()
      .describe('"sha256:" and 64 hex digits of the archive; needed for an address.'),
    kept_at: filePath
      .optional()
      .describe("Where an archive that comes from elsewhere is kept on the target. Default: a file of its own in /var/cache/rempart."),
    ...attributeFields,
    creates: filePath.transform(cleanPath).optional().describe("Do nothing when this path is there, whatever it is."),
    include: z.array(member).default([]).describe("Only these: names in the archive, folders with all in them, or patterns with * and ?."),
    exclude: z.array(member).default([]).describe("Not these, in the same spelling."),
    extra_opts: z
      .array(z.string().regex(/^--strip-components=\d{1,2}$/, "only --strip-components=N is taken"))
      .max(1)
      .default([])
      .describe("Only `--strip-components=N`: so many parts are taken from the front of each name."),
    list_files: z.boolean().default(false).describe("Return the names of what is unpacked."),
    keep_newer: refusedArgument(false, "what differs from the archive is unpacked anew"),
    validate_certs: refusedArgument(true, "certificates are always verified"),
    decrypt: refusedArgument(true, "an archive of the controller is taken as it is"),
    copy: refusedArgument(true, "write remote_src: true for an archive on the target"),
  })
  .refine((a) => kindOfSource(a) !== undefined, {
    path: ["src"],
    error: "the name must end in .tar, .tar.gz, .tar.xz, .tar.bz2, .tar.zst or .zip",
  })
  .refine((a) => typeof a.src !== "string" || !a.src.startsWith("http:"), {
    path: ["src"],
    error: "an archive is fetched over https:// only",
  })
  .refine((a) => !isAddress(a.src) || a.checksum !== undefined, {
    path: ["src"],
    error: 'an address needs checksum: "sha256:..." of the archive that you have looked at',
  })
  .refine((a) => typeof a.src !== "string" || isAddress(a.src) || a.src.startsWith("/"), {
    path: ["src"],
    error: "with remote_src the whole path on the target is wanted, from /",
  })
  .refine((a) => typeof a.src !== "string" || !a.src.split("/").includes(".."), { path: ["src"], error: "write the path without .." })
  .refine((a) => a.kept_at === undefined || typeof a.src !== "string" || isAddress(a.src), {
    path: ["kept_at"],
    error: "an archive on the target stays where it is",
  })
  .refine((a) => a.extra_opts.length === 0 || kindOfSource(a) !== "zip", {
    path: ["extra_opts"],
    error: "unzip cannot take parts from names",
  });

/** Unpacks archives. */
export const unarchive = defineModule({
  name: "unarchive",
  kind: "state",
  summary: "Unpack an archive into a folder of the target.",
  notes: [
    "What is there is held against the listing of the archive: type, size, time, link target and mode of each member. What the archive does not have is left alone.",
    "An archive that comes from elsewhere is kept on the target to be compared with; one file for each dest and name.",
    "An archive with a name that leads out of dest (.. or a leading /), or with a device, is refused before anything is unpacked; so is one with a link that others lie behind.",
    "What is unpacked belongs to the user of the task, whoever owned it when it was packed, unless owner and group say otherwise; the modes are the archive's unless mode is given.",
    "tar is enough for .tar; the others need gzip, xz, bzip2, zstd or Info-ZIP's unzip on the target.",
  ],
  args,
  result: z.object({
    dest: z.string().describe("The folder."),
    src: z.string().describe("The archive on the target."),
    handler: z.string().describe("What kind of archive it is: tar.gz, zip, ..."),
    files: z.array(z.string()).describe("Names below dest, with list_files."),
  }),
  examples: [
    {
      title: "A release, without the folder that it is packed in",
      yaml: `unarchive: { src: app-1.2.tar.gz, dest: /opt/app, owner: root, group: root, extra_opts: [--strip-components=1] }`,
    },
    {
      title: "An archive that lies on the target",
      yaml: "unarchive: { src: /srv/backup/site.tar.xz, dest: /srv/site, remote_src: true, exclude: [cache] }",
    },
    {
      title: "From the web",
      yaml: `unarchive: { src: 'https://files.example.org/app.tar.gz', dest: /opt/app, checksum: 'sha256:${"0123456789abcdef".repeat(4)}' }`,
    },
  ],
  inputs: { src: "archive" },
  facts: (a) => ({
    archive: path(archiveKey(a)),
    dest: path({ path: a.dest }),
    tree: unpacked(keyOf(a)),
    creates: a.creates === undefined ? [] : [path({ path: a.creates, orSomething: true })],
    programs: isAddress(a.src) ? [program("curl"), program("wget")] : [],
    ...attributeQuestions(a),
  }),
  plan: (a, facts) => planUnpack(a, facts),
  resultOf: (a, { after }) => ({
    dest: a.dest,
    src: archiveAt(a),
    handler: kindOfSource(a) ?? "",
    files: after.tree.missing ? [] : [...after.tree.value.names],
  }),
});
