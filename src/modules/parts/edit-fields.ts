import { z } from "zod";
import { attributeFields } from "./attributes.ts";
import { cleanPath, filePath } from "./file-path.ts";
import { backupArgument, validateArgument } from "./replacing.ts";

/** What lineinfile and blockinfile have in common. */
export const editFields = {
  path: filePath.optional().describe("Absolute path of the file on the target."),
  dest: filePath.optional().describe("The same as path."),
  name: filePath.optional().describe("The same as path."),
  state: z.enum(["present", "absent"]).optional().describe("Whether it shall be in the file. Default: present."),
  insertafter: z
    .string()
    .min(1)
    .optional()
    .describe(
      "Regular expression: something new goes behind the last line that it matches. EOF (the default): at the end. BOF: at the start.",
    ),
  insertbefore: z
    .string()
    .min(1)
    .optional()
    .describe("Regular expression: something new goes before the last line that it matches. BOF: at the start."),
  create: z.boolean().optional().describe("Make the file when it is not there. Default false."),
  ...attributeFields,
  validate: validateArgument,
  backup: backupArgument,
};

interface PathArguments {
  readonly path?: string | undefined;
  readonly dest?: string | undefined;
  readonly name?: string | undefined;
  readonly insertafter?: string | undefined;
  readonly insertbefore?: string | undefined;
}

/** What is wrong with the common arguments, or undefined. */
export function editProblem(a: PathArguments): string | undefined {
  if ([a.path, a.dest, a.name].filter((p) => p !== undefined).length !== 1) return 'needs the argument "path" (or "dest", or "name"), once';
  return a.insertafter !== undefined && a.insertbefore !== undefined ? "give either insertafter or insertbefore" : undefined;
}

export function editedPath(a: PathArguments): string {
  return cleanPath(a.path ?? a.dest ?? a.name ?? "/");
}
