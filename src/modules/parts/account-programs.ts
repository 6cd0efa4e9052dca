import { type Program, program } from "../../facts/program.ts";
import type { Change } from "../../kernel/change.ts";
import type { Answer, Question } from "../../kernel/fact.ts";
import { type Refusal, refusal } from "../../kernel/module.ts";

type Name = "groupadd" | "groupmod" | "groupdel" | "useradd" | "usermod" | "userdel" | "chpasswd";

/** Are they on the host? A small system such as OpenWrt has none of them. */
export function accountPrograms(names: readonly Name[]): Question<Program>[] {
  return names.map((name) => program(name));
}

/** The changes, or why they cannot be made: a program that they need is not on the host. */
export function withPrograms(changes: readonly Change[], programs: readonly Answer<Program>[]): readonly Change[] | Refusal {
  const needed = new Set(changes.flatMap((c) => c.steps).flatMap((step) => (step.do === "exec" ? step.argv.slice(0, 1) : [])));
  const missing = programs.find((p) => needed.has(String(p.question.key)) && !p.value.there)?.question.key;
  if (missing === undefined) return changes;
  return refusal(
    `the program ${String(missing)} is not on this host: install it first (Debian: passwd, OpenWrt: shadow-${String(missing)})`,
  );
}
