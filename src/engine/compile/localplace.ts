import { lstatSync, type Stats } from "node:fs";
import { basename, join, resolve } from "node:path";
import type { LocalPlace } from "../../kernel/argumentinput.ts";
import { digestOf } from "./localfile.ts";

/**
 * Where a file of a host goes: below the folder of the host in `name`, under its whole path; without a host at `name` itself,
 * or in it when that ends in /. A relative name counts from the folder of the playbook.
 */
export function localPlace(name: string, playbookDir: string, src: string, host: string | undefined): LocalPlace {
  const base = resolve(playbookDir, name);
  const path = host !== undefined ? join(base, host, src) : name.endsWith("/") ? join(base, basename(src)) : base;
  const found = look(path);
  if (found === "absent" || found === "other") return { name, path, type: found };
  if (found.isDirectory()) return { name, path, type: "directory" };
  return found.isFile() ? { name, path, type: "file", ...readable(path) } : { name, path, type: "other" };
}

function look(path: string): Stats | "absent" | "other" {
  try {
    return lstatSync(path);
  } catch (error) {
    const { code } = error as { readonly code?: string };
    return code === "ENOENT" || code === "ENOTDIR" ? "absent" : "other";
  }
}

function readable(path: string): Pick<LocalPlace, "sha256"> {
  try {
    return { sha256: digestOf(path) };
  } catch {
    return {};
  }
}
