import { z } from "zod";
import type { LocalFile } from "../../kernel/argumentinput.ts";
import { defineModule } from "../../kernel/module.ts";
import { Secret } from "../../kernel/value.ts";
import { attributeFields } from "../parts/attributes.ts";
import { cleanPath, filePath } from "../parts/file-path.ts";
import { pathResult, pathResultOf } from "../parts/path-result.ts";
import { refusedArgument } from "../parts/refused-argument.ts";
import { backupArgument, forceArgument, validateArgument } from "../parts/replacing.ts";
import { fileQuestions, type WantedFile, wholeFile } from "../parts/whole-file.ts";

const localFile = z.custom<LocalFile>((v) => typeof v === "object" && v !== null && "sha256" in v, "a file of the controller is wanted");

const args = z
  .strictObject({
    src: localFile
      .optional()
      .describe(
        "File of the controller: looked for in the role's files/, in files/ beside the playbook and beside the playbook. Or give content.",
      ),
    content: z
      .union([z.string(), z.instanceof(Secret)], "a text is wanted; for a map or list use the helper json")
      .optional()
      .describe("The text itself. A secret is never shown."),
    dest: filePath.describe("Absolute path on the target. When it ends in / the name of src is added."),
    ...attributeFields,
    validate: validateArgument,
    backup: backupArgument,
    force: forceArgument,
    remote_src: refusedArgument(false, `a file of the target is copied with "command: { argv: [cp, A, B], creates: B }"`),
    follow: refusedArgument(false, "a link at dest is replaced; to keep it, give the path that it points to"),
  })
  .refine((a) => (a.src === undefined) !== (a.content === undefined), { error: "give either src or content" })
  .refine((a) => a.src !== undefined || !a.dest.endsWith("/"), {
    path: ["dest"],
    error: "with content the whole path is wanted, with the file's name",
  });

function wantedOf(a: z.output<typeof args>): WantedFile {
  const name = a.dest.endsWith("/") ? (a.src?.name.split("/").at(-1) ?? "") : "";
  return { ...a, path: cleanPath(a.dest + name), content: a.src ?? a.content ?? "" };
}

/** Puts a file or a text in its place on the target. */
export const copy = defineModule({
  name: "copy",
  kind: "state",
  undoable: true,
  summary: "Put a file of the controller, or a text, in its place on the target.",
  notes: [
    "Without mode, an existing file keeps its own and a new one gets 0644, whatever the umask.",
    "The file is written beside its place and renamed into it; validate sees it before that.",
    "A symbolic link at dest is replaced by the file; what it points to is left alone.",
    "A folder cannot be copied: make it with file, and copy its files with a loop.",
  ],
  args,
  result: pathResult.extend({ dest: z.string().describe("The same as path.") }),
  examples: [
    { title: "A file of the role", yaml: "copy: { src: motd, dest: /etc/motd, mode: '0644', owner: root }" },
    {
      title: "A text, checked before it is put in place",
      yaml: "copy: { dest: /etc/sudoers.d/admin, content: '%admin ALL=(ALL) ALL\\n', mode: '0440', validate: visudo -cf %s }",
    },
  ],
  inputs: { src: "file" },
  facts: (a) => fileQuestions(wantedOf(a)),
  plan: (a, facts) => (a.force === false && facts.file.value.type !== "absent" ? [] : wholeFile(wantedOf(a), facts)),
  resultOf: (a, { after }) => ({ ...pathResultOf(wantedOf(a).path, after.file), dest: wantedOf(a).path }),
});
