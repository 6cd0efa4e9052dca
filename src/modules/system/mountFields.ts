import { z } from "zod";
import { cleanPath, filePath } from "../parts/file-path.ts";

const states = ["mounted", "present", "unmounted", "absent", "absent_from_fstab", "remounted", "ephemeral"] as const;

/** States that say what is mounted, and so need to know it. */
const declares: readonly string[] = ["mounted", "present", "ephemeral"];

/** The arguments of `mount`. */
export const mountArguments = z
  .strictObject({
    path: filePath
      .transform(cleanPath)
      .refine((p) => p !== "/", "the root file system is not mounted by a task")
      .describe("Where it is mounted."),
    src: z
      .string()
      .regex(/^[^\n\r]+$/, "a source is one line of text")
      .optional()
      .describe(
        "What is mounted: a device, `UUID=...`, `LABEL=...`, `nas:/export`, `//nas/share`, `tmpfs`, or with `opts: bind` a folder. For mounted, present and ephemeral.",
      ),
    fstype: z
      .string()
      .regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, "a type is a word such as ext4, nfs4 or tmpfs")
      .optional()
      .describe("Type of the file system: ext4, nfs4, cifs, tmpfs; `none` for a bind mount. For mounted, present and ephemeral."),
    opts: z
      .string()
      .regex(/^[^\s,]+(,[^\s,]+)*$/, "options are joined by commas, without blanks")
      .refine(
        (o) => !/(^|,)(pass|password|passwd)=/.test(o),
        "everybody can read fstab: put the password into a file and write credentials=FILE",
      )
      .default("defaults")
      .describe("Options, joined by commas."),
    dump: z.int().min(0).max(9).default(0).describe("Fifth field of fstab."),
    passno: z.int().min(0).max(9).default(0).describe("Sixth field of fstab: when fsck looks at it at boot; 0 for never."),
    state: z
      .enum(states)
      .describe(
        "mounted: in fstab, and mounted now. present: in fstab only. ephemeral: mounted now, without fstab. unmounted: not mounted, fstab as it is. absent: neither, and the empty folder goes too. absent_from_fstab: not in fstab, still mounted. remounted: always acts.",
      ),
    boot: z.boolean().default(true).describe("false adds the option noauto: not mounted at boot."),
    backup: z.boolean().default(false).describe("Keep the old fstab beside the new one, with the time in its name."),
    fstab: filePath.transform(cleanPath).default("/etc/fstab").describe("Another file in the place of /etc/fstab."),
  })
  .superRefine((a, context) => {
    const issue = (path: string, message: string): void => context.addIssue({ code: "custom", path: [path], message });
    if (declares.includes(a.state) && a.src === undefined) issue("src", "say what is mounted with `src`");
    if (declares.includes(a.state) && a.fstype === undefined) issue("fstype", "give the type with `fstype`");
    if (isBind(a.opts) && a.src !== undefined && !a.src.startsWith("/"))
      issue("src", "a bind mount comes from a folder: write its whole path");
  });

export type MountArguments = z.output<typeof mountArguments>;

/** Is it a part of a file system that is mounted already? */
export function isBind(opts: string): boolean {
  return /(^|,)r?bind(,|$)/.test(opts);
}

const opposites: Readonly<Record<string, string>> = { rw: "ro", suid: "nosuid", dev: "nodev", exec: "noexec" };
const compared = ["ro", "nosuid", "nodev", "noexec", "noatime", "nodiratime", ...Object.keys(opposites)];

/** The declared options that a mount does not have, of those that every file system knows; the last word counts. */
export function missingOptions(opts: string, live: string): string[] {
  const has = live.split(",");
  const declared = opts.split(",").filter((o) => compared.includes(o));
  const pair = (o: string): string => opposites[o] ?? o;
  const last = declared.filter((o, i) => !declared.slice(i + 1).some((later) => pair(later) === pair(o)));
  return last.filter((o) => (o in opposites ? has.includes(opposites[o] ?? "") : !has.includes(o)));
}
