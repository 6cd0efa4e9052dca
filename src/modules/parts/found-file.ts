import { z } from "zod";
import type { FoundEntry } from "../../facts/found.ts";

/** One thing that `find` found. */
export const foundFile = z.object({
  path: z.string().describe("Where it is."),
  isreg: z.boolean().describe("A regular file."),
  isdir: z.boolean().describe("A folder."),
  islnk: z.boolean().describe("A symbolic link."),
  mode: z.string().describe('Four octal digits as text, "0644".'),
  uid: z.number().describe("Number of the owner."),
  gid: z.number().describe("Number of the group."),
  size: z.number().describe("Bytes."),
  mtime: z.number().describe("When the content changed, in seconds since 1970; -1 where the host cannot tell."),
  atime: z.number().describe("When it was read; -1 where the host cannot tell."),
  ctime: z.number().describe("When its attributes changed; -1 where the host cannot tell."),
  nlink: z.number().describe("Hard links."),
  inode: z.number().describe("Number in its file system."),
  checksum: z.string().describe("sha256 in hex with get_checksum, else empty."),
});

export function fileResult(entry: FoundEntry): z.input<typeof foundFile> {
  const { path, type, mode, uid, gid, size, mtime, atime, ctime, links, inode, sha256 } = entry;
  const kind = { isreg: type === "file", isdir: type === "directory", islnk: type === "link" };
  return { path, ...kind, mode, uid, gid, size, mtime, atime, ctime, nlink: links, inode, checksum: sha256 ?? "" };
}
