import { type Program, unknownWords } from "./program.ts";
import { Trouble } from "./trouble.ts";

const mount: Program = (m, words) => {
  const line = words.join(" ");
  const [flag, one = "", two = "", opts = "", source = "", path = ""] = words;
  if (words.length === 1 && flag?.startsWith("/")) {
    const found = (m.files.text("/etc/fstab") ?? "").split("\n").map((l) => l.split(/[ \t]+/));
    const entry = found.findLast(([, at]) => at === flag);
    if (!entry) throw new Trouble(1, `mount: ${flag}: can't find in /etc/fstab.`);
    m.mounts.mount(flag, entry[0] ?? "", entry[2] ?? "", entry[3] ?? "");
  } else if (flag === "-t" && two === "-o" && words.length === 6) m.mounts.mount(path, source, one, opts);
  else if (/^-o remount(,\S+)? \/\S+$/.test(line)) m.mounts.remount(two, one);
  else return unknownWords("mount", words);
  return "";
};

const umount: Program = (m, words) => {
  if (words.length !== 1 || !words[0]?.startsWith("/")) return unknownWords("umount", words);
  m.mounts.umount(words[0]);
  return "";
};

const rmdir: Program = (m, words) => {
  const [dashes, path = "", more] = words;
  if (dashes !== "--" || more !== undefined) return unknownWords("rmdir", words);
  if (m.mounts.top(path)) throw new Trouble(1, `rmdir: failed to remove '${path}': Device or resource busy`);
  if (m.files.at(path)?.kind !== "directory") throw new Trouble(1, `rmdir: failed to remove '${path}': No such file or directory`);
  if (m.files.children(path).length > 0) throw new Trouble(1, `rmdir: failed to remove '${path}': Directory not empty`);
  m.files.remove(path);
  return "";
};

export const mountPrograms: Readonly<Record<string, Program>> = { mount, umount, rmdir };
