import { z } from "zod";
import { path } from "../../facts/path.ts";
import { defineModule } from "../../kernel/module.ts";
import { cleanPath, filePath } from "../parts/file-path.ts";
import { refusedArgument } from "../parts/refused-argument.ts";

const args = z
  .strictObject({
    path: filePath.optional().describe("Absolute path on the target."),
    dest: filePath.optional().describe("The same as path."),
    name: filePath.optional().describe("The same as path."),
    get_checksum: z.boolean().optional().describe("Read the sha256 of a regular file. Default false, as it reads the whole file."),
    follow: refusedArgument(false, "a link is never followed; lnk_source names where it leads"),
  })
  .refine((a) => [a.path, a.dest, a.name].filter((p) => p !== undefined).length === 1, {
    error: 'needs the argument "path" (or "dest", or "name"), once',
  });

function pathOf(a: z.output<typeof args>): string {
  return cleanPath(a.path ?? a.dest ?? a.name ?? "/");
}

const found = z.object({
  exists: z.boolean().describe("Whether something is there."),
  path: z.string().describe("The path."),
  isreg: z.boolean().describe("A regular file."),
  isdir: z.boolean().describe("A folder."),
  islnk: z.boolean().describe("A symbolic link."),
  mode: z.string().describe('Four octal digits as text, "0644"; empty when absent.'),
  uid: z.number().describe("Number of the owner; -1 when absent."),
  gid: z.number().describe("Number of the group; -1 when absent."),
  pw_name: z.string().describe("Name of the owner, or the number as text."),
  gr_name: z.string().describe("Name of the group, or the number as text."),
  size: z.number().describe("Bytes of a file; 0 for everything else."),
  lnk_source: z.string().describe("What a link holds, else empty."),
  checksum: z.string().describe("sha256 in hex with get_checksum, else empty."),
});

/** Asks what stands at a path. */
export const stat = defineModule({
  name: "stat",
  kind: "question",
  summary: "Ask what stands at a path.",
  notes: ["checksum is a sha256 (Ansible's default is sha1), and is read only with get_checksum: true."],
  args,
  result: z.object({ stat: found.describe("What stands there.") }),
  examples: [{ title: "Is it there", yaml: "stat: { path: /etc/nginx/nginx.conf }" }],
  facts: (a) => ({ at: path({ path: pathOf(a), orSomething: true, ...(a.get_checksum === true && { want: "digest" as const }) }) }),
  plan: (_a, facts) => (facts.at.value ? [] : []),
  resultSoFar: (a, { after }) => ({ stat: { path: pathOf(a), ...(after.at.value.type === "something" && { exists: true }) } }),
  resultOf(a, { after }) {
    const { type, mode, uid, gid, owner, group, size, target, sha256 } = after.at.value;
    const kind = { exists: type !== "absent", isreg: type === "file", isdir: type === "directory", islnk: type === "link" };
    return {
      stat: {
        ...kind,
        path: pathOf(a),
        mode,
        uid,
        gid,
        pw_name: owner,
        gr_name: group,
        size,
        lnk_source: target ?? "",
        checksum: sha256 ?? "",
      },
    };
  },
});
