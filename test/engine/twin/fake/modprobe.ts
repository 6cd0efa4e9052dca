import type { FakeMachine } from "./machine.ts";
import { type Program, unknownWords } from "./program.ts";
import { Trouble } from "./trouble.ts";

const known = ["loop", "br_netfilter", "dummy", "usb_storage"];

function isBlocked(m: FakeMachine, name: string): boolean {
  return m.files
    .children("/etc/modprobe.d")
    .some((at) => new RegExp(`^install ${name} /bin/false$`, "m").test((m.files.text(at) ?? "").replaceAll("-", "_")));
}

const modprobe: Program = (m, words) => {
  const remove = words[0] === "-r";
  const [given = "", ...parameters] = remove ? words.slice(1) : words;
  const name = given.replaceAll("-", "_");
  if (given === "" || given.startsWith("-") || (remove && parameters.length > 0)) return unknownWords("modprobe", words);
  if (!known.includes(name)) throw new Trouble(1, `modprobe: FATAL: Module ${given} not found`);
  if (remove) m.kernel.unload(name);
  else if (isBlocked(m, name))
    throw new Trouble(1, `modprobe: ERROR: ../libkmod: Error running install command '/bin/false' for module ${given}`);
  else m.kernel.load(name);
  return "";
};

const tee: Program = (m, words, stdin) => {
  const [, path] = /^\/proc\/sys\/(.+)$/.exec(words[0] ?? "") ?? [];
  if (path === undefined || words.length !== 1 || !stdin.endsWith("\n")) return unknownWords("tee", words);
  m.kernel.set(path.replaceAll("/", "."), stdin.slice(0, -1));
  return stdin;
};

export const kernelPrograms: Readonly<Record<string, Program>> = { modprobe, tee };
