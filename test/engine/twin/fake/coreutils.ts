import { parentOf } from "./files.ts";
import type { FakeMachine } from "./machine.ts";
import { type Program, unknownWords } from "./program.ts";
import { NotModelled, Trouble } from "./trouble.ts";

function mode(text: string): number {
  if (!/^0[0-7]{4}$/.test(text) && !/^0[0-7]{3}$/.test(text)) throw new NotModelled(`a mode is written with a zero in front: ${text}`);
  return Number.parseInt(text, 8);
}

const mkdir: Program = (m, words, _stdin, as) => {
  const [first, second, third, ...rest] = words;
  if (first === "-m" && second !== undefined && third !== undefined) {
    for (const path of [third, ...rest]) {
      if (m.files.at(path)) throw new Trouble(1, `mkdir: cannot create directory '${path}': File exists`);
      if (m.files.through(parentOf(path))?.kind !== "directory")
        throw new Trouble(1, `mkdir: cannot create directory '${path}': No such file or directory`);
      m.files.mkdir(path, mode(second), as);
    }
    return "";
  }
  if (first === "-p" && second === "-m" && third !== undefined && rest[0] === "--" && rest.length === 2) {
    const path = rest[1] ?? "";
    if (m.files.through(path)?.kind === "directory") return "";
    const missing: string[] = [];
    for (let at = path; m.files.at(at) === undefined; at = parentOf(at)) missing.unshift(at);
    for (const at of missing) m.files.mkdir(at, at === path ? mode(third) : 0o755, as);
    return "";
  }
  return unknownWords("mkdir", words);
};

const rm: Program = (m, words, _stdin, as) => {
  const [flag, ...rest] = words;
  const [path, more] = rest[0] === "--" ? rest.slice(1) : rest;
  if ((flag !== "-f" && flag !== "-rf") || path === undefined || more !== undefined) return unknownWords("rm", words);
  if (flag === "-f" && m.files.at(path)?.kind === "directory") throw new Trouble(1, `rm: cannot remove '${path}': Is a directory`);
  m.files.remove(path, as);
  return "";
};

const ln: Program = (m, words, _stdin, as) => {
  const [flag, target, path, more] = words;
  if (flag !== "-sfn" || target === undefined || path === undefined || more !== undefined) return unknownWords("ln", words);
  const there = m.files.at(path);
  if (there?.kind === "directory") m.files.put(`${path}/${target.split("/").at(-1)}`, { kind: "link", mode: 0o777, target }, as);
  else {
    const parent = m.files.through(parentOf(path));
    const inherits = parent !== undefined && (parent.mode & 0o2000) !== 0;
    m.files.put(path, { kind: "link", mode: 0o777, target, ...(inherits && { gid: parent.gid }) }, as);
  }
  return "";
};

const chown: Program = (m, words, _stdin, as) => {
  const deep = words[0] === "-R";
  const [who = "", ...paths] = deep ? words.slice(1) : words;
  if (who.startsWith("-") || paths.length === 0) return unknownWords("chown", words);
  const [owner = "", group] = who.split(":");
  const uid = owner === "" ? undefined : m.accounts.uidOf(owner);
  const gid = group === undefined || group === "" ? undefined : m.accounts.gidOf(group);
  if (owner !== "" && uid === undefined) throw new Trouble(1, `chown: invalid user: '${who}'`);
  if (group && gid === undefined) throw new Trouble(1, `chown: invalid group: '${who}'`);
  if (as.uid !== 0) throw new Trouble(1, "chown: Operation not permitted");
  each(m, "chown", paths, (node, path) => {
    for (const n of deep ? m.files.below(m.files.real(path) ?? path) : [node]) {
      if (uid !== undefined) n.uid = uid;
      if (gid !== undefined) n.gid = gid;
    }
  });
  return "";
};

const chgrp: Program = (m, words, stdin, as) => chown(m, [`:${words[0] ?? ""}`, ...words.slice(1)], stdin, as);

const chmod: Program = (m, words, _stdin, as) => {
  const [bits = "", ...paths] = words;
  if (paths.length === 0) return unknownWords("chmod", words);
  each(m, "chmod", paths, (node, path) => {
    m.files.mayWrite(m.files.real(path) ?? path, as);
    // Four digits leave the set-id bits of a folder, five do not.
    const kept = node.kind === "directory" && bits.length < 5 ? node.mode & 0o6000 : 0;
    node.mode = mode(bits) | kept;
  });
  return "";
};

function each(
  m: FakeMachine,
  program: string,
  paths: readonly string[],
  act: (node: NonNullable<ReturnType<typeof m.files.at>>, path: string) => void,
): void {
  for (const path of paths) {
    const node = m.files.through(path);
    if (!node) throw new Trouble(1, `${program}: cannot access '${path}': No such file or directory`);
    act(node, path);
  }
}

const touch: Program = (m, words, _stdin, as) => {
  if (words[0] === "-c" && words[1] === "/var/lib/apt/lists" && words.length === 2) {
    m.packages.listsTouched();
    return "";
  }
  const [path, more] = words;
  if (path === undefined || more !== undefined || path.startsWith("-")) return unknownWords("touch", words);
  if (!m.files.through(path)) m.files.put(path, { kind: "file", mode: 0o644 }, as);
  return "";
};

const cp: Program = (m, words, _stdin, as) => {
  if (words[0] === "-R" && words[1] === "/etc/skel" && words.length === 3) {
    const home = words[2] ?? "";
    m.files.mkdir(home, 0o755, as);
    m.files.put(`${home}/.profile`, { kind: "file", mode: 0o644 }, as);
    return "";
  }
  const [from, to, more] = words;
  if (from === undefined || to === undefined || more !== undefined || from.startsWith("-")) return unknownWords("cp", words);
  const source = m.files.through(from);
  if (source?.kind !== "file") throw new Trouble(1, `cp: cannot stat '${from}': No such file or directory`);
  const there = m.files.through(to);
  if (there?.kind === "directory") throw new Trouble(1, `cp: '${to}' is a directory`);
  if (there) m.files.mayWrite(to, as);
  if (there) there.content = source.content;
  else m.files.put(to, { kind: "file", mode: 0o644, content: source.content }, as);
  return "";
};

const mv: Program = (m, words, _stdin, as) => {
  const [flag, dashes, from, to, more] = words;
  if (flag !== "-f" || dashes !== "--" || from === undefined || to === undefined || more !== undefined) return unknownWords("mv", words);
  const node = m.files.at(from);
  if (!node) throw new Trouble(1, `mv: cannot stat '${from}': No such file or directory`);
  if (m.files.through(to)?.kind === "directory") return unknownWords("mv", words);
  m.files.put(to, { ...node }, as);
  m.files.remove(from, as);
  return "";
};

export const coreutils: Readonly<Record<string, Program>> = {
  mkdir,
  rm,
  ln,
  chown,
  chgrp,
  chmod,
  touch,
  cp,
  mv,
  true: () => "",
  false: () => {
    throw new Trouble(1, "");
  },
};
