import { modules } from "../modules/index.ts";
import { say } from "./complain.ts";
import { table } from "./table.ts";

/** Prints every module with its summary. */
export function listModules(): void {
  const sorted = [...modules].sort((a, b) => (a.name < b.name ? -1 : 1));
  say(table(sorted.map((m) => [m.name, m.summary])));
}
