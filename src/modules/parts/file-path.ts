import { posix } from "node:path";
import { z } from "zod";

/** An absolute path of the target, on one line and without `..`. */
export const filePath = z.string().refine((p) => problem(p) === undefined, { error: ({ input }) => problem(String(input)) ?? "" });

function problem(path: string): string | undefined {
  if (path === "") return "a path is wanted, this is empty";
  if (path.startsWith("~")) return `"${path}": a home folder is not looked up, write the whole path from /`;
  if (!path.startsWith("/")) return `"${path}" is not absolute: write the whole path from /`;
  if (/[\0\n\r]/.test(path)) return "a path cannot hold a line break";
  if (path.split("/").includes("..")) return `"${path}": write the path without ..`;
  return undefined;
}

/** The path without doubled or trailing slashes, so that one thing has one name. */
export function cleanPath(path: string): string {
  const clean = posix.normalize(path);
  return clean.length > 1 && clean.endsWith("/") ? clean.slice(0, -1) : clean;
}

/** The folder that holds the path. */
export function parentOf(path: string): string {
  return posix.dirname(path);
}

/** The folders above the path, without `/`, outermost first. */
export function ancestorsOf(path: string): string[] {
  const parts = path.split("/").slice(1, -1);
  return parts.map((_, i) => `/${parts.slice(0, i + 1).join("/")}`);
}
