import { attributeFields } from "./attributes.ts";
import { cleanPath, filePath } from "./file-path.ts";
import { refusedArgument } from "./refused-argument.ts";
import { backupArgument, validateArgument } from "./replacing.ts";

/** What the modules that edit the structure of one file have in common. */
export const oneFileFields = {
  path: filePath.optional().describe("Absolute path of the file on the target."),
  dest: filePath.optional().describe("The same as path."),
  ...attributeFields,
  validate: validateArgument,
  backup: backupArgument,
  follow: refusedArgument(false, "a link is not followed, give the path that it points to"),
};

interface Named {
  readonly path?: string | undefined;
  readonly dest?: string | undefined;
}

/** What is wrong with the path, or undefined. */
export function pathProblem(a: Named): string | undefined {
  return (a.path === undefined) === (a.dest === undefined) ? 'needs the argument "path" (or "dest"), once' : undefined;
}

export function pathOf(a: Named): string {
  return cleanPath(a.path ?? a.dest ?? "/");
}
