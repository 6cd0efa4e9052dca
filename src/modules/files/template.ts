import { z } from "zod";
import type { RenderedTemplate } from "../../kernel/argumentinput.ts";
import { defineModule } from "../../kernel/module.ts";
import { attributeFields } from "../parts/attributes.ts";
import { cleanPath, filePath } from "../parts/file-path.ts";
import { pathResult, pathResultOf } from "../parts/path-result.ts";
import { refusedArgument } from "../parts/refused-argument.ts";
import { backupArgument, forceArgument, validateArgument } from "../parts/replacing.ts";
import { fileQuestions, type WantedFile, wholeFile } from "../parts/whole-file.ts";

const rendered = z.custom<RenderedTemplate>(
  (v) => typeof v === "object" && v !== null && "text" in v,
  "a template of the controller is wanted",
);

const args = z.strictObject({
  src: rendered.describe(
    "Template of the controller (*.hbs): looked for in the role's templates/, in templates/ beside the playbook and beside the playbook.",
  ),
  dest: filePath.describe("Absolute path on the target. When it ends in / the name of src without .hbs is added."),
  ...attributeFields,
  validate: validateArgument,
  backup: backupArgument,
  force: forceArgument,
  follow: refusedArgument(false, "a link at dest is replaced; to keep it, give the path that it points to"),
});

function wantedOf(a: z.output<typeof args>): WantedFile {
  const name = a.dest.endsWith("/") ? (a.src.name.split("/").at(-1) ?? "").replace(/\.hbs$/, "") : "";
  return { ...a, path: cleanPath(a.dest + name), content: a.src.text };
}

/** Puts the text of a template in its place on the target. */
export const template = defineModule({
  name: "template",
  kind: "state",
  undoable: true,
  summary: "Fill in a template and put the text in its place on the target.",
  notes: [
    "Without mode, an existing file keeps its own and a new one gets 0644, whatever the umask.",
    "A template that reads a secret gives a secret file: no difference of it is shown.",
    "A symbolic link at dest is replaced by the file; what it points to is left alone.",
  ],
  args,
  result: pathResult.extend({ dest: z.string().describe("The same as path.") }),
  examples: [
    {
      title: "A configuration, checked before it is put in place",
      yaml: "template: { src: sshd.hbs, dest: /etc/ssh/sshd_config, mode: '0600', validate: sshd -t -f %s }",
    },
  ],
  inputs: { src: "template" },
  facts: (a) => fileQuestions(wantedOf(a)),
  plan: (a, facts) => (a.force === false && facts.file.value.type !== "absent" ? [] : wholeFile(wantedOf(a), facts)),
  resultOf: (a, { after }) => ({ ...pathResultOf(wantedOf(a).path, after.file), dest: wantedOf(a).path }),
});
