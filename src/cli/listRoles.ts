import { say } from "./complain.ts";
import { done, type Outcome } from "./outcome.ts";
import { findRoles } from "./roleFolders.ts";
import { roleSummary } from "./rolePage.ts";
import { table } from "./table.ts";
import { UsageError } from "./usage.ts";

/** Prints every role that is found here, with its summary. */
export function listRoles(): Outcome {
  const roles = findRoles();
  if (roles.length === 0) throw new UsageError("there are no roles here", "run it in the folder that holds roles/");
  say(table(roles.map((r) => [r.name, roleSummary(r)])));
  return done;
}
