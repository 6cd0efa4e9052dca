import type { Program } from "../engine/compile/program.ts";
import { placeText } from "../views/diagnostic.ts";
import { table } from "./table.ts";

/** Every control of a compiled playbook with the tasks that fulfil it, in the order of the ids. */
export function listControls(program: Pick<Program, "plays">): string {
  const rows = program.plays
    .flatMap((play) => play.tasks)
    .flatMap((t) => t.controls.map((id) => [id, `${t.role ? `${t.role} : ` : ""}${t.name}`, placeText(t.at)]));
  const once = new Map(rows.map((row) => [row.join("\n"), row]));
  const sorted = [...once.values()].sort(([a = ""], [b = ""]) => a.localeCompare(b, "en", { numeric: true }));
  return sorted.length === 0 ? "no task names a control\n" : table(sorted);
}
