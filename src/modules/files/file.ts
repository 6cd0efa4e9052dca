import { z } from "zod";
import { path } from "../../facts/path.ts";
import { defineModule, type Refusal, refusal } from "../../kernel/module.ts";
import { attributeFields, attributeQuestions } from "../parts/attributes.ts";
import { ancestorsOf, cleanPath, filePath } from "../parts/file-path.ts";
import { emptyFile, existing, type FileTask, folder, link, removal } from "../parts/file-states.ts";
import { pathResult, pathResultOf } from "../parts/path-result.ts";
import { refusedArgument } from "../parts/refused-argument.ts";

const args = z
  .strictObject({
    path: filePath.optional().describe("Absolute path on the target."),
    dest: filePath.optional().describe("The same as path."),
    name: filePath.optional().describe("The same as path."),
    state: z
      .enum(["file", "directory", "link", "touch", "absent"])
      .optional()
      .describe(
        "directory: a folder, with those above it. link: a symbolic link to src. touch: an empty file if nothing is there. absent: nothing, a folder goes with all in it. file: must be there. Default: must be there, as file or folder.",
      ),
    src: z.string().min(1).optional().describe("What the link points to, absolute or relative to the folder of the link."),
    ...attributeFields,
    force: z
      .boolean()
      .optional()
      .describe("For links: true also makes a link to something that is not there, and replaces a file by the link. Default false."),
    modification_time: z
      .literal("preserve", "only preserve is known")
      .optional()
      .describe("For touch: leave the time of an existing file alone."),
    access_time: z
      .literal("preserve", "only preserve is known")
      .optional()
      .describe("For touch: leave the time of an existing file alone."),
    recurse: refusedArgument(false, "what lies in a folder is not compared; name the folders and files, with a loop"),
    follow: refusedArgument(true, "a link is never followed; give the path that it points to"),
  })
  .refine((a) => [a.path, a.dest, a.name].filter((p) => p !== undefined).length === 1, {
    error: 'needs the argument "path" (or "dest", or "name"), once',
  })
  .refine((a) => (a.state === "link") === (a.src !== undefined), { error: "src goes with state: link, and state: link needs src" })
  .refine((a) => a.state !== "link" || (a.mode ?? a.owner ?? a.group) === undefined, {
    error: "a link has no mode, owner or group of its own: give them to the file that it points to",
  })
  .refine((a) => a.state !== "absent" || (a.mode ?? a.owner ?? a.group) === undefined, {
    error: "what is absent has no mode, owner or group",
  })
  .refine((a) => a.state !== "touch" || (a.modification_time !== undefined && a.access_time !== undefined), {
    path: ["state"],
    error:
      "touch would change the file in every run: add modification_time: preserve and access_time: preserve, then an existing file stays as it is",
  })
  .refine((a) => a.state !== "absent" || !untouchable.has(pathOf(a)), { error: "this folder holds the system: it is not removed" });

const untouchable = new Set([
  "/",
  "/bin",
  "/boot",
  "/dev",
  "/etc",
  "/home",
  "/lib",
  "/lib64",
  "/opt",
  "/proc",
  "/root",
  "/run",
  "/sbin",
  "/srv",
  "/sys",
  "/tmp",
  "/usr",
  "/var",
]);

function pathOf(a: { readonly path?: string | undefined; readonly dest?: string | undefined; readonly name?: string | undefined }): string {
  return cleanPath(a.path ?? a.dest ?? a.name ?? "/");
}

function taskOf(a: z.output<typeof args>): FileTask {
  return { ...a, path: pathOf(a) };
}

/** Where a link leads, seen from its folder. */
function leadsTo(a: z.output<typeof args>): string {
  const src = a.src ?? "/";
  return cleanPath(src.startsWith("/") ? src : `${pathOf(a)}/../${src}`);
}

/** Makes, changes and removes files, folders and links. */
export const file = defineModule({
  name: "file",
  kind: "state",
  undoable: true,
  summary: "Make a folder or link, remove a path, or set its owner, group and mode.",
  notes: [
    "Folders above a new folder are made with the same owner, group and mode.",
    "Without mode, a new folder gets 0755 and a new file 0644, whatever the umask.",
    "A symbolic link in the place of a file or folder is not followed: the task is refused and names where the link leads.",
    "Hard links and recurse are not done.",
  ],
  args,
  result: pathResult.extend({ dest: z.string().describe("The same as path.") }),
  examples: [
    { title: "A folder", yaml: "file: { path: /srv/media, state: directory, owner: root, group: users, mode: '2775' }" },
    { title: "A link", yaml: "file: { path: /etc/nginx/sites-enabled/media, state: link, src: ../sites-available/media }" },
    { title: "Nothing there", yaml: "file: { path: /etc/motd, state: absent }" },
    { title: "Stricter permissions of what is there", yaml: "file: { path: /etc/crontab, mode: 'u=rw,go=' }" },
  ],
  facts: (a) => ({
    at: path({ path: pathOf(a), ...(a.state === "absent" && { orSomething: true }) }),
    above: ancestorsOf(pathOf(a)).map((p) => path({ path: p, orSomething: true })),
    leadsTo: a.state === "link" && !leadsTo(a).split("/").includes("..") ? [path({ path: leadsTo(a), orSomething: true })] : [],
    ...attributeQuestions(a),
  }),
  plan(a, facts) {
    const blocked = a.state === "absent" ? undefined : notAFolder(facts.above.map((f) => [f.question.object, f.value.type]));
    if (blocked) return blocked;
    switch (a.state) {
      case "absent":
        return removal(pathOf(a), facts.at);
      case "link":
        return link({ path: pathOf(a), target: a.src ?? "", force: a.force === true }, facts);
      case "directory":
        return folder(taskOf(a), facts);
      case "touch":
        return emptyFile(taskOf(a), facts);
      default:
        return existing(taskOf(a), facts, a.state);
    }
  },
  resultOf: (a, { after }) => ({ ...pathResultOf(pathOf(a), after.at), dest: pathOf(a) }),
});

function notAFolder(above: readonly (readonly [string, string])[]): Refusal | undefined {
  const wrong = above.find(([, type]) => type === "file" || type === "other");
  return wrong && refusal(`${wrong[0].replace(/^path /, "")} is not a folder`);
}
