import type { Diagnostic } from "../../src/kernel/diagnostic.ts";
import type { Node } from "../../src/kernel/node.ts";
import { placeOf } from "../../src/kernel/span.ts";
import type { Entry, Inherited, Playbook } from "../../src/playbook/model.ts";

/** Diagnostics as lines: place, words, help, include chain. Paths are cut to the folder of the case. */
export function outlineErrors(diagnostics: readonly Diagnostic[], folder: string): string {
  const lines = diagnostics.flatMap((d) => {
    const place = d.at && placeOf(d.at);
    const head = `${place ? `${place.file}:${place.line}:${place.column}` : "-"} ${d.severity === "error" ? "" : "warning: "}${d.message}`;
    const via = (d.via ?? []).map((v) => `${v.source.path}:${placeOf(v).line}`);
    return [head, ...(d.help ? [`    ${d.help}`] : []), ...(via.length > 0 ? [`    via ${via.join(" → ")}`] : [])];
  });
  return lines.map((l) => `${l.replaceAll(`${folder}/`, "").replaceAll(folder, ".")}\n`).join("");
}

/** A playbook as indented lines: what runs, in which order, and what each entry inherited. */
export function outlinePlaybook(playbook: Playbook): string {
  const lines: string[] = [];
  for (const play of playbook.plays) {
    lines.push(
      `play ${play.name} hosts=${text(play.hosts)} facts=${play.gatherFacts}${play.vars ? ` vars=${text(play.vars)}` : ""}${play.varsFiles.map((f) => ` file=${f.text}`).join("")}`,
    );
    outline(play.entries, 1, lines);
    for (const handler of [...play.roles.flatMap((r) => r.handlers), ...play.handlers]) {
      lines.push(`  handler ${handler.name}${handler.listen.map((l) => ` listen=${l}`).join("")}${inheritance(handler.inherited)}`);
    }
    lines.push(`  roles ${play.roles.map((r) => r.name).join(" ")}`);
  }
  return `${lines.join("\n")}\n`;
}

function outline(entries: readonly Entry[], depth: number, lines: string[]): void {
  const indent = "  ".repeat(depth);
  for (const e of entries) {
    const loop = e.loop ? ` loop=${text(e.loop.over)} as ${e.loop.variable}${e.loop.indexVariable ? `,${e.loop.indexVariable}` : ""}` : "";
    if (e.kind === "task") {
      const register = e.register ? ` register=${e.register.text}` : "";
      lines.push(
        `${indent}${e.module} "${e.name}" ${e.args ? text(e.args) : ""}${register}${e.notify.map((n) => ` notify=${n.text}`).join("")}${loop}${inheritance(e.inherited)}`,
      );
    } else if (e.kind === "block") {
      lines.push(`${indent}block${inheritance(e.inherited)}`);
      outline(e.block, depth + 1, lines);
      lines.push(`${indent}rescue`);
      outline(e.rescue, depth + 1, lines);
      lines.push(`${indent}always`);
      outline(e.always, depth + 1, lines);
    } else {
      const what = e.kind === "include_tasks" ? e.file.text : `${e.role.text} ${e.tasksFrom?.text ?? "main"}`;
      lines.push(`${indent}${e.kind} ${what}${loop}${inheritance(e.inherited)} hands down${inheritance(e.handsDown)}`);
    }
  }
}

function inheritance(i: Inherited): string {
  return [
    i.role && `role=${i.role.name}`,
    i.roleParams && `params=${text(i.roleParams)}`,
    i.outerRoles?.length && `outer=${i.outerRoles.map((o) => o.role.name).join(",")}`,
    i.tags.length > 0 && `tags=${i.tags.join(",")}`,
    i.controls.length > 0 && `controls=${i.controls.join(",")}`,
    i.when.length > 0 && `when=${i.when.map(text).join(" & ")}`,
    i.vars.length > 0 && `vars=${i.vars.map(text).join(" ")}`,
    i.become && `become=${text(i.become)}`,
    i.via.length > 0 && `via=${i.via.map((v) => `${v.source.path.split("/").at(-1)}:${placeOf(v).line}`).join(">")}`,
  ]
    .filter((part) => part)
    .map((part) => ` ${part}`)
    .join("");
}

function text(node: Node): string {
  if (node.kind === "scalar") return node.text;
  if (node.kind === "seq") return `[${node.items.map(text).join(", ")}]`;
  return `{${node.entries.map((e) => `${e.key.text}: ${text(e.value)}`).join(", ")}}`;
}
