import { nearest } from "../kernel/diagnostic.ts";
import { modulePage } from "../manual/modulePage.ts";
import { terminalPage } from "../manual/terminalPage.ts";
import { modules } from "../modules/index.ts";
import { paint } from "../views/paint.ts";
import { say } from "./complain.ts";
import { done, type Outcome } from "./outcome.ts";
import { colourOf } from "./output.ts";
import { findRoles } from "./roleFolders.ts";
import { rolePage } from "./rolePage.ts";
import { UsageError } from "./usage.ts";

/** Prints the page of the module or the role of this name. */
export function printDoc(name: string): Outcome {
  const plain = name.replace(/^ansible\.(builtin|legacy)\./, "");
  const module = modules.find((m) => m.name === plain || m.aliases.includes(plain));
  const role = findRoles().find((r) => r.name === plain);
  if (!module && !role) throw new UsageError(`there is no module and no role "${name}"`, suggestion(plain));
  const text = [...(module ? [modulePage(module)] : []), ...(role ? [rolePage(role)] : [])].join("\n\n");
  say(terminalPage(text, paint(colourOf(process.stdout))));
  return done;
}

function suggestion(name: string): string {
  const near = nearest(name, [...modules.flatMap((m) => [m.name, ...m.aliases]), ...findRoles().map((r) => r.name)]);
  return near === undefined ? "rempart list modules, or rempart list roles" : `did you mean "${near}"?`;
}
