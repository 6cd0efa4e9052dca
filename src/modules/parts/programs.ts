import { type Program, program } from "../../facts/program.ts";
import type { Change } from "../../kernel/change.ts";
import type { Answer, Question } from "../../kernel/fact.ts";
import { type Refusal, refusal } from "../../kernel/module.ts";

/** Programs that a small system such as OpenWrt has not, and the packages that bring them. */
const packages = {
  groupadd: "Debian: passwd, OpenWrt: shadow-groupadd",
  groupmod: "Debian: passwd, OpenWrt: shadow-groupmod",
  gpasswd: "Debian: passwd, OpenWrt: shadow-utils",
  groupdel: "Debian: passwd, OpenWrt: shadow-groupdel",
  useradd: "Debian: passwd, OpenWrt: shadow-useradd",
  usermod: "Debian: passwd, OpenWrt: shadow-usermod",
  userdel: "Debian: passwd, OpenWrt: shadow-userdel",
  chpasswd: "Debian: passwd, OpenWrt: shadow-chpasswd",
  openssl: "Debian: openssl, OpenWrt: openssl-util",
  modprobe: "Debian: kmod, OpenWrt: kmod",
} as const;

/** Are they on the host? To be asked by who may need them. */
export function programQuestions(names: readonly (keyof typeof packages)[]): Question<Program>[] {
  return names.map((name) => program(name));
}

/** The changes, or why they cannot be made: a program that they need is not on the host. */
export function withPrograms(changes: readonly Change[], programs: readonly Answer<Program>[]): readonly Change[] | Refusal {
  const needed = new Set(changes.flatMap((c) => c.steps).flatMap((step) => (step.do === "exec" ? step.argv.slice(0, 1) : [])));
  const missing = programs.find((p) => needed.has(String(p.question.key)) && !p.value.there);
  if (!missing) return changes;
  const name = missing.question.key as keyof typeof packages;
  return refusal(`${name} is not on this host: install it before this task (${packages[name]})`);
}
