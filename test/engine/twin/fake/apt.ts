import { type Program, unknownWords } from "./program.ts";
import { Trouble } from "./trouble.ts";

const always = "-q -y -o DPkg::Lock::Timeout=300 -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold".split(" ");

const aptGet: Program = (m, words) => {
  if (words.slice(0, always.length).join(" ") !== always.join(" ")) return unknownWords("apt-get", words);
  const rest = words.slice(always.length);
  const force = { held: false, down: false };
  let purge = false;
  const plain: string[] = [];
  while (rest.length > 0) {
    const word = rest.shift() ?? "";
    if (word === "-o" && /^(APT::Update::Error-Mode=any|APT::Install-Recommends=(yes|no))$/.test(rest[0] ?? "")) rest.shift();
    else if (word === "-t") rest.shift();
    else if (word === "--allow-change-held-packages") force.held = true;
    else if (word === "--allow-downgrades") force.down = true;
    else if (word === "--purge") purge = true;
    else if (word.startsWith("-")) return unknownWords("apt-get", words);
    else plain.push(word);
  }
  const [verb, ...names] = plain;
  const { packages } = m;
  if (verb === "update" && names.length === 0) packages.update();
  else if (verb === "install" && names.length > 0) for (const name of names) packages.install(name, force);
  else if ((verb === "remove" || verb === "purge") && names.length > 0) for (const name of names) packages.remove(name, verb === "purge");
  else if (verb === "autoremove" && names.length === 0) for (const name of packages.unneeded()) packages.remove(name, purge);
  else return unknownWords("apt-get", words);
  return "";
};

const aptMark: Program = (m, words) => {
  const [verb, name = "", more] = words;
  if ((verb !== "hold" && verb !== "unhold") || more !== undefined) return unknownWords("apt-mark", words);
  const now = m.packages.installed.get(name);
  if (!now) throw new Trouble(100, `E: Can't select installed nor candidate version from package '${name}' as it has neither of them`);
  now.hold = verb === "hold";
  return "";
};

export const aptPrograms: Readonly<Record<string, Program>> = { "apt-get": aptGet, "apt-mark": aptMark };
