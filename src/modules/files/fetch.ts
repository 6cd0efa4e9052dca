import { z } from "zod";
import { type PathValue, path } from "../../facts/path.ts";
import type { LocalPlace } from "../../kernel/argumentinput.ts";
import type { Change } from "../../kernel/change.ts";
import { defineModule, type Refusal, refusal } from "../../kernel/module.ts";
import { bytes } from "../parts/content-field.ts";
import { cleanPath, filePath } from "../parts/file-path.ts";
import { refusedArgument } from "../parts/refused-argument.ts";

const place = z.custom<LocalPlace>(
  (v) => typeof v === "object" && v !== null && "type" in v && "path" in v,
  "a path of the controller is wanted",
);

const args = z.strictObject({
  src: filePath.transform(cleanPath).describe("File of the target, absolute."),
  dest: place.describe(
    "Folder of the controller, relative to the playbook's: the file is put at DEST/HOST/SRC. With flat: the file itself, or when it ends in / the folder.",
  ),
  flat: z.boolean().default(false).describe("Put the file at dest itself. Hosts that fetch the same file then need different names."),
  fail_on_missing: z.boolean().default(true).describe("false: a file that is not there is no failure."),
  validate_checksum: refusedArgument(true, "what arrives is always held against the sha256 of the target's file"),
});

type Arguments = z.output<typeof args>;

function planOf({ src, dest, fail_on_missing: must }: Arguments, now: PathValue): readonly Change[] | Refusal {
  if (now.type === "absent") return must ? refusal(`${src} is not on the host; write fail_on_missing: false where it need not be`) : [];
  if (now.type === "link")
    return refusal(`${src} is a link to ${now.target ?? "?"}: name the path that it leads to, links are not followed`);
  if (now.type === "directory") return refusal(`${src} is a folder: pack it with archive and fetch the archive`);
  if (now.type !== "file" || now.sha256 === undefined) return refusal(`${src} is no file: only files are fetched`);
  if (dest.type === "directory") return refusal(`${dest.path} on the controller is a folder: end dest with / to put the file into it`);
  if (dest.type === "other") return refusal(`${dest.path} on the controller is no file: it is not replaced`);
  if (dest.type === "file" && dest.sha256 === undefined) return refusal(`${dest.path} on the controller cannot be read`);
  if (dest.sha256 === now.sha256) return [];
  const inShort = `${bytes(now.size)}, sha256 ${now.sha256.slice(0, 12)}`;
  return [
    {
      subject: `${dest.path} on the controller`,
      fields: [
        { name: "content", before: dest.sha256 && `sha256 ${dest.sha256.slice(0, 12)}`, after: inShort },
        { name: "from", before: undefined, after: src, action: true },
      ],
      steps: [{ do: "download", path: src, local: dest.path, size: now.size, sha256: now.sha256 }],
      predicts: [],
      opaque: false,
      undo: { paths: [], run: [] },
    },
  ];
}

/** Brings files from targets to the controller. */
export const fetch = defineModule({
  name: "fetch",
  // Nothing of the target changes, and the step itself proves what arrived.
  kind: "action",
  undoable: true,
  summary: "Bring a file of the target to the controller.",
  notes: [
    "Files of any size and content are taken, in pieces. What arrives is held against the sha256 of the target's file before it takes its place.",
    "The file on the controller gets mode 0600, whatever the target's file has, and new folders 0700.",
    "checksum is a sha256 (Ansible's is sha1).",
  ],
  args,
  result: z.object({
    dest: z.string().describe("Where it is on the controller."),
    file: z.string().describe("Where it is on the target."),
    checksum: z.string().nullable().describe("sha256 in hex of the file of the target; null when there is none."),
    remote_checksum: z.string().nullable().describe("The same."),
    size: z.number().describe("Bytes."),
  }),
  examples: [
    {
      title: "A report of each host, at reports/HOST/var/lib/lynis/report.dat",
      yaml: "fetch: { src: /var/lib/lynis/report.dat, dest: reports }",
    },
    { title: "One file to one place", yaml: "fetch: { src: /etc/ssl/certs/site.pem, dest: certificates/site.pem, flat: true }" },
  ],
  inputs: { dest: "fetched" },
  facts: (a) => ({ file: path({ path: a.src, want: "digest" }) }),
  plan: (a, facts) => planOf(a, facts.file.value),
  resultOf({ src, dest }, { after }) {
    const { sha256 = null, size } = after.file.value;
    return { dest: dest.path, file: src, checksum: sha256, remote_checksum: sha256, size };
  },
});
