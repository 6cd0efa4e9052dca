import { readdirSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { nearest, refuse } from "../kernel/diagnostic.ts";
import type { Span } from "../kernel/span.ts";
import { short } from "./cycle.ts";
import { isFolder } from "./files.ts";
import type { Role } from "./model.ts";

const parts = ["tasks", "handlers", "defaults", "vars", "meta", "templates", "files"];

/** Absolute folder of a role: beside the playbook, one folder up, or beside the role that uses it. Throws Refused with where it looked. */
export function findRole(name: string, at: Span, playbookDir: string, user: Role | undefined): string {
  if (name.includes("/")) return checked(resolve(playbookDir, name), name, at);
  const folders = [join(playbookDir, "roles"), join(dirname(playbookDir), "roles"), ...(user ? [dirname(resolve(user.dir))] : [])];
  const places = [...new Set(folders)];
  const found = places.map((p) => join(p, name)).find(isFolder);
  if (found !== undefined) return checked(found, name, at);
  const others = places.flatMap((p) => (isFolder(p) ? readdirSync(p).filter((r) => isFolder(join(p, r))) : []));
  const near = nearest(name, others);
  const looked = `looked in ${places.map(short).join(", ")}`;
  const hint = near
    ? `did you mean "${near}"? `
    : /^\w+\.\w+\.\w+$/.test(name)
      ? "roles of collections are not read: copy it into roles/. "
      : "";
  return refuse(`there is no role "${name}"`, at, `${hint}${looked}`);
}

function checked(dir: string, name: string, at: Span): string {
  if (!isFolder(dir)) return refuse(`there is no role "${name}"`, at, `looked for ${short(dir)}`);
  if (parts.some((p) => isFolder(join(dir, p)))) return dir;
  return refuse(
    `the folder of the role "${basename(dir)}" holds none of ${parts.map((p) => `${p}/`).join(", ")}`,
    at,
    `looked in ${short(dir)}`,
  );
}
