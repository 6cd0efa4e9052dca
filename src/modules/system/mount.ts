import { z } from "zod";
import { type Mount, type MountKey, mount as mountFact } from "../../facts/mount.ts";
import { type Change, change } from "../../kernel/change.ts";
import type { Answer } from "../../kernel/fact.ts";
import { defineModule, type Refusal, refusal } from "../../kernel/module.ts";
import { type ExecStep, exec } from "../../kernel/step.ts";
import { type TextFileFacts, textFileQuestions, textOf, writeText } from "../parts/text-file.ts";
import { entryIn, setEntry, withoutEntry } from "./fstab.ts";
import { isBind, type MountArguments, missingOptions, mountArguments } from "./mountFields.ts";

/** Seconds: a server that is not there holds mount(8) for minutes. */
const patience = 180;

/** A file system, in fstab and in the tree. */
export const mount = defineModule({
  name: "mount",
  kind: "state",
  kindOf: (a) => (a.state === "remounted" ? "action" : "state"),
  summary: "Mount and unmount file systems, now and at every boot.",
  notes: [
    "What the kernel has mounted is compared, not only fstab: another source is unmounted and the right one mounted; ro, nosuid, nodev, noexec, noatime and nodiratime are compared with the running mount and set by a remount. Other options (size, uid, ...) take effect at the next mount.",
    "Other lines of fstab stay as they are. systemd reads a new /etc/fstab at once.",
    "As in Ansible, `mounted` and `ephemeral` make the folder, and `absent` removes it, which fails when something lies in it. Unlike there, `ephemeral` changes nothing when the mount is there already.",
  ],
  args: mountArguments,
  result: z.object({
    name: z.string().describe("Where."),
    mounted: z.boolean().describe("Whether something is mounted there."),
    src: z.string().nullable().describe("What is mounted, as the kernel says it."),
    fstype: z.string().nullable().describe("Type of what is mounted."),
    opts: z.string().nullable().describe("Options of the running mount."),
    fstab: z.string().describe("The file that was looked at."),
  }),
  examples: [
    {
      title: "Films from the NAS, read-only",
      yaml: "mount: { path: /srv/media, src: 'nas:/volume1/media', fstype: nfs4, opts: 'ro,nosuid,nodev,noexec,_netdev,nofail', state: mounted }",
    },
    {
      title: "A harder /tmp",
      yaml: "mount: { path: /tmp, src: tmpfs, fstype: tmpfs, opts: 'nosuid,nodev,noexec,size=2G', state: mounted }",
    },
    { title: "Gone", yaml: "mount: { path: /mnt/old, state: absent }" },
  ],
  facts: (a) => ({ mount: mountFact(keyOf(a)), ...textFileQuestions(a.fstab) }),
  plan(a, facts) {
    const now = facts.mount.value;
    if (a.state === "remounted")
      return now.mounted ? remount(a, facts.mount, []) : refusal(`nothing is mounted at ${a.path}: use state: mounted`);
    const table = inTable(a, facts);
    if ("refused" in table) return table;
    if (a.state === "present" || a.state === "absent_from_fstab") return table;
    if (a.state === "unmounted" || a.state === "absent") return [...table, ...unmount(a, facts.mount, table.length > 0)];
    if (!now.mounted) return now.point === "directory" || now.point === "absent" ? [...table, put(a, facts.mount, [])] : noPlace(a, now);
    if (now.wanted) return [...table, ...remount(a, facts.mount, now.options === null ? [] : missingOptions(a.opts, now.options))];
    if (a.state === "ephemeral")
      return refusal(`${now.source} is mounted at ${a.path}, not ${a.src ?? ""}: unmount it first (state: unmounted)`);
    return [...table, put(a, facts.mount, umounts(a, now))];
  },
  proof: (a, { after }) => (a.state !== "remounted" || after.mount.value.mounted ? undefined : `${a.path} is not mounted any more`),
  resultOf(a, { after }) {
    const now = after.mount.missing ? undefined : after.mount.value;
    const there = now?.mounted ?? false;
    return {
      name: a.path,
      mounted: there,
      src: there ? (now?.source ?? null) : null,
      fstype: there ? (now?.fstype ?? null) : null,
      opts: there ? (now?.options ?? null) : null,
      fstab: a.fstab,
    };
  },
});

function keyOf(a: MountArguments): MountKey {
  return {
    path: a.path,
    ...(a.src !== undefined && { src: a.src }),
    ...(a.fstype !== undefined && { fstype: a.fstype }),
    ...(isBind(a.opts) && { bind: true as const }),
  };
}

/** What becomes of fstab; nothing for the states that leave it as it is. */
function inTable(a: MountArguments, facts: TextFileFacts): readonly Change[] | Refusal {
  if (a.state === "unmounted" || a.state === "ephemeral") return [];
  const text = textOf(facts.file);
  if ("refused" in text) return text;
  const { src = "", path, fstype = "", dump, passno } = a;
  const opts = a.boot || a.opts.split(",").includes("noauto") ? a.opts : `${a.opts},noauto`;
  const gone = a.state === "absent" || a.state === "absent_from_fstab";
  const after = gone ? withoutEntry(text.text, path) : setEntry(text.text, { src, path, fstype, opts, dump, passno });
  if (after === text.text) return [];
  const entry = { name: "entry", before: entryIn(text.text, path), after: entryIn(after, path) };
  const reread = a.fstab === "/etc/fstab" ? [exec("sh", "-c", "[ ! -d /run/systemd/system ] || systemctl daemon-reload")] : [];
  return writeText(facts, after).map((c) => ({
    ...c,
    fields: [...c.fields.filter((f) => f.name !== "content"), entry],
    steps: [...c.steps.map((s) => (s.do === "write" && a.backup ? { ...s, backup: true } : s)), ...reread],
    opaque: reread.length > 0,
    goesOn: true as const,
  }));
}

/** Mounts it, when `before` has been done. */
function put(a: MountArguments, answer: Answer<Mount>, before: readonly ExecStep[]): Change {
  const now = answer.value;
  const makes = now.point === "absent" && !now.mounted;
  const how =
    a.state === "ephemeral"
      ? ["-t", a.fstype ?? "", "-o", a.opts, a.src ?? "", a.path]
      : [...(a.fstab === "/etc/fstab" ? [] : ["-T", a.fstab]), a.path];
  const there: Mount = { mounted: true, source: a.src ?? "", fstype: a.fstype ?? "", options: null, layers: 1, wanted: true, point: "" };
  const steps = [
    ...before,
    ...(makes ? [exec("mkdir", "-p", "-m", "0755", "--", a.path)] : []),
    { ...exec("mount", ...how), timeout: patience },
  ];
  const planned = change(answer, there, { do: steps, opaque: true, subject: `mount ${a.path}` });
  const folder = makes ? [{ name: "folder", before: undefined, after: "directory" }] : [];
  return { ...planned, fields: [...folder, { name: "mounted", before: now.mounted ? now.source : undefined, after: a.src }] };
}

function remount(a: MountArguments, answer: Answer<Mount>, missing: readonly string[]): Change[] {
  const now = answer.value;
  const always = a.state === "remounted";
  if (!always && missing.length === 0) return [];
  const step = { ...exec("mount", "-o", always ? "remount" : `remount,${a.opts}`, a.path), timeout: patience };
  const planned = change(answer, { options: null, wanted: true }, { do: [step], opaque: true, subject: `mount ${a.path}` });
  const field = always
    ? { name: "remount", before: undefined, after: now.source, action: true as const }
    : { name: "options", before: now.options ?? "", after: a.opts };
  return [{ ...planned, fields: [field] }];
}

/** Not mounted; the folder goes with state absent, when there was something to take away. */
function unmount(a: MountArguments, answer: Answer<Mount>, wasInTable: boolean): Change[] {
  const now = answer.value;
  const removes = a.state === "absent" && (now.mounted || (wasInTable && now.point === "directory"));
  if (!now.mounted && !removes) return [];
  const steps = [...umounts(a, now), ...(removes ? [exec("rmdir", "--", a.path)] : [])];
  const after: Mount = {
    mounted: false,
    source: "",
    fstype: "",
    options: "",
    layers: 0,
    wanted: false,
    point: removes ? "absent" : "directory",
  };
  const planned = change(answer, after, { do: steps, opaque: true, subject: `mount ${a.path}` });
  const folder = removes ? [{ name: "folder", before: "directory", after: undefined }] : [];
  return [{ ...planned, fields: [...(now.mounted ? [{ name: "mounted", before: now.source, after: undefined }] : []), ...folder] }];
}

function umounts(a: MountArguments, now: Mount): ExecStep[] {
  return Array.from({ length: now.layers }, () => ({ ...exec("umount", a.path), timeout: patience }));
}

function noPlace(a: MountArguments, now: Mount): Refusal {
  return refusal(now.point === "link" ? `${a.path} is a symbolic link: name the folder itself` : `${a.path} is not a folder`);
}
