import { createHash } from "node:crypto";
import { basename } from "node:path";
import { type ArchiveKind, archiveKindOf } from "../../facts/archive-script.ts";
import type { PathValue } from "../../facts/path.ts";
import type { PathKey } from "../../facts/path-key.ts";
import type { LocalFile } from "../../kernel/argumentinput.ts";
import type { ChangedField } from "../../kernel/change.ts";
import { exec, type Step } from "../../kernel/step.ts";
import type { Attributes } from "./attributes.ts";
import { contentField, fetchedField } from "./content-field.ts";
import { download } from "./download.ts";
import { cleanPath, parentOf } from "./file-path.ts";

export interface SourceArguments {
  readonly src: string | LocalFile;
  readonly dest: string;
  readonly checksum?: string | undefined;
  readonly kept_at?: string | undefined;
}

/** Where archives are kept that do not lie on the target. */
const cache = "/var/cache/rempart";

export function nameOf({ src }: Pick<SourceArguments, "src">): string {
  return typeof src === "string" ? basename(isAddress(src) ? new URL(src).pathname : src) : basename(src.name);
}

export function isAddress(src: string | LocalFile): boolean {
  return typeof src === "string" && /^https?:/.test(src);
}

export function kindOfSource(a: Pick<SourceArguments, "src">): ArchiveKind | undefined {
  return archiveKindOf(nameOf(a));
}

/** Where the archive is on the target. One that comes from elsewhere has a place for each folder that it is unpacked into. */
export function archiveAt(a: SourceArguments): string {
  if (typeof a.src === "string" && !isAddress(a.src)) return cleanPath(a.src);
  if (a.kept_at !== undefined) return cleanPath(a.kept_at);
  const mark = createHash("sha256")
    .update(`${a.dest}\0${nameOf(a)}`)
    .digest("hex")
    .slice(0, 12);
  return `${cache}/${mark}-${nameOf(a).replace(/[^A-Za-z0-9._-]/g, "_")}`;
}

/** What is asked of the archive on the target. */
export function archiveKey(a: SourceArguments): PathKey {
  const at = { path: archiveAt(a) };
  if (typeof a.src !== "string") return { ...at, want: { size: a.src.size, sha256: a.src.sha256 } };
  return isAddress(a.src) || a.checksum !== undefined ? { ...at, want: "digest" } : at;
}

/** sha256 in hex that the archive must have, where that is known. */
export function wantedDigest(a: SourceArguments): string | undefined {
  return typeof a.src === "string" ? a.checksum?.slice("sha256:".length).toLowerCase() : a.src.sha256;
}

/** Brings the archive to its place; only for one that comes from elsewhere. */
export function bringSteps(a: SourceArguments, mine: Attributes): readonly Step[] {
  const path = archiveAt(a);
  const { owner, group } = mine;
  const folder = parentOf(path) === cache ? [exec("mkdir", "-p", "-m", "0700", "--", cache)] : [];
  if (typeof a.src !== "string")
    return [...folder, { do: "upload", path, local: a.src.path, size: a.src.size, sha256: a.src.sha256, mode: "0600", owner, group }];
  return [...folder, download({ url: a.src, path, sha256: wantedDigest(a), timeout: 1800, attributes: mine })];
}

/** How the archive itself changes. */
export function archiveFields(a: SourceArguments, now: PathValue): readonly ChangedField[] {
  const content = typeof a.src === "string" ? fetchedField(now, wantedDigest(a)) : contentField(now, a.src);
  return [
    { ...content, name: "archive" },
    { name: "from", before: undefined, after: typeof a.src === "string" ? a.src : a.src.name, action: true },
  ];
}
