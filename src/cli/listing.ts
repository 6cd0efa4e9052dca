import type { CompiledPlay, ListedTask, Program } from "../engine/compile/program.ts";
import { placeText } from "../views/diagnostic.ts";

/** What of a compiled playbook is to be listed. */
export interface ListWhat {
  readonly hosts: boolean;
  readonly tasks: boolean;
  readonly tags: boolean;
}

/** Plays with their hosts, tasks or tags, for `--list-*` and `list`. */
export function listing(program: Pick<Program, "plays">, what: ListWhat): string {
  const plays = program.plays.map((play) => [`play ${play.name}`, ...playLines(play, what)].join("\n"));
  return `${plays.join("\n\n")}\n`;
}

function playLines(play: CompiledPlay, what: ListWhat): string[] {
  return [
    ...(what.hosts ? [`  hosts (${play.hosts.length}):`, ...play.hosts.map((h) => `    ${h}`)] : []),
    ...(what.tasks ? [`  tasks (${play.tasks.length}):`, ...taskLines(play.tasks)] : []),
    ...(what.tags ? [`  tags: ${tagsOf(play).join(", ") || "none"}`] : []),
  ];
}

function taskLines(tasks: readonly ListedTask[]): string[] {
  const names = tasks.map((t) => `${t.role ? `${t.role} : ` : ""}${t.name}`);
  const width = Math.min(72, Math.max(0, ...names.map((n) => n.length)));
  return tasks.map((t, i) => {
    const tags = t.tags.length > 0 ? `  [${[...t.tags].sort().join(", ")}]` : "";
    return `    ${(names[i] ?? "").padEnd(width)}  ${placeText(t.at)}${tags}`;
  });
}

function tagsOf(play: CompiledPlay): string[] {
  return [...new Set(play.tasks.flatMap((t) => t.tags))].sort();
}
