import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";

/** A role that was found by looking, not by a playbook. */
export interface RoleFolder {
  readonly name: string;
  readonly dir: string;
}

/** Roles of `roles/` here and of `playbooks/roles/`, by name. */
export function findRoles(): RoleFolder[] {
  return ["roles", join("playbooks", "roles")]
    .filter((folder) => existsSync(folder))
    .flatMap((folder) =>
      readdirSync(folder, { withFileTypes: true })
        .filter((f) => f.isDirectory())
        .map((f) => ({ name: f.name, dir: join(folder, f.name) })),
    )
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}
