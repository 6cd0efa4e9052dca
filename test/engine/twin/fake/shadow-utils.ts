import type { FakeUser } from "./accounts.ts";
import type { FakeMachine } from "./machine.ts";
import { type Program, unknownWords } from "./program.ts";
import { Trouble } from "./trouble.ts";

/** Splits words into flags, those in `valued` with a value, and the one name at the end. */
function options(program: string, words: readonly string[], valued: readonly string[], plain: readonly string[]) {
  const values = new Map<string, string>();
  let i = 0;
  for (; i < words.length - 1; i++) {
    const word = words[i] ?? "";
    if (valued.includes(word)) values.set(word, words[++i] ?? "");
    else if (plain.includes(word)) values.set(word, "");
    else unknownWords(program, words);
  }
  const name = words[i];
  if (name === undefined || name.startsWith("-")) return unknownWords(program, words);
  return { values, name };
}

const groupadd: Program = (m, words) => {
  const { values, name } = options("groupadd", words, ["-g"], ["-r"]);
  const gid = values.get("-g");
  m.accounts.addGroup(name, gid === undefined ? undefined : Number(gid), values.has("-r"));
  return "";
};

const groupmod: Program = (m, words) => {
  const { values, name } = options("groupmod", words, ["-g"], []);
  const group = m.accounts.group(name);
  const gid = Number(values.get("-g"));
  if (!group) throw new Trouble(6, `groupmod: group '${name}' does not exist`);
  if (m.accounts.groups.some((g) => g.gid === gid && g !== group)) throw new Trouble(4, `groupmod: GID '${gid}' already exists`);
  for (const user of m.accounts.users) if (user.gid === group.gid) user.gid = gid;
  group.gid = gid;
  return "";
};

const gpasswd: Program = (m, words) => {
  const { values, name } = options("gpasswd", words, ["-M"], []);
  const group = m.accounts.group(name);
  const members = (values.get("-M") ?? "").split(",").filter((user) => user !== "");
  if (!group) throw new Trouble(3, `gpasswd: group '${name}' does not exist in /etc/group`);
  const stranger = members.find((user) => !m.accounts.users.some((u) => u.name === user));
  if (stranger !== undefined) throw new Trouble(3, `gpasswd: user '${stranger}' does not exist`);
  group.members = members;
  return "";
};

const groupdel: Program = (m, words) => {
  const { name } = options("groupdel", words, [], []);
  const group = m.accounts.group(name);
  if (!group) throw new Trouble(6, `groupdel: group '${name}' does not exist`);
  if (m.accounts.users.some((u) => u.gid === group.gid)) throw new Trouble(8, "groupdel: cannot remove the primary group of a user");
  m.accounts.drop(m.accounts.groups, group);
  return "";
};

function join(m: FakeMachine, user: string, groups: string): void {
  for (const name of groups.split(",").filter((g) => g !== "")) {
    const group = m.accounts.group(name);
    if (!group) throw new Trouble(6, `group '${name}' does not exist`);
    if (!group.members.includes(user)) group.members.push(user);
  }
}

function day(date: string | undefined): string {
  return date === undefined || date === "" ? "" : String(Date.parse(`${date}T00:00:00Z`) / 86_400_000);
}

const useradd: Program = (m, words) => {
  const { values, name } = options("useradd", words, ["-u", "-g", "-G", "-d", "-s", "-c", "-e"], ["-N", "-r", "-m", "-M"]);
  const { accounts } = m;
  if (accounts.user(name)) throw new Trouble(9, `useradd: user '${name}' already exists`);
  const wanted = values.get("-u");
  const uid =
    wanted === undefined
      ? accounts.freeId(
          accounts.users.map((u) => u.uid),
          values.has("-r"),
        )
      : Number(wanted);
  if (accounts.users.some((u) => u.uid === uid)) throw new Trouble(4, `useradd: UID ${uid} is not unique`);
  const primary = values.get("-g");
  if (primary !== undefined && accounts.gidOf(primary) === undefined) throw new Trouble(6, `useradd: group '${primary}' does not exist`);
  if (primary === undefined && !values.has("-N") && accounts.group(name)) throw new Trouble(9, `useradd: group ${name} exists`);
  for (const group of values.get("-G")?.split(",") ?? [])
    if (!accounts.group(group)) throw new Trouble(6, `useradd: group '${group}' does not exist`);
  const own = (): number => accounts.addGroup(name, accounts.groups.some((g) => g.gid === uid) ? undefined : uid).gid;
  const gid = primary !== undefined ? (accounts.gidOf(primary) ?? 0) : values.has("-N") ? 100 : own();
  const home = values.get("-d") ?? `/home/${name}`;
  accounts.users.push({
    name,
    uid,
    gid,
    comment: values.get("-c") ?? "",
    home,
    shell: values.get("-s") ?? "/bin/sh",
    hash: "!",
    expires: day(values.get("-e")),
  });
  join(m, name, values.get("-G") ?? "");
  if (values.has("-m") && !m.files.at(home)) makeHome(m, home, uid, gid);
  return "";
};

function makeHome(m: FakeMachine, home: string, uid: number, gid: number): void {
  m.files.put(home, { kind: "directory", mode: 0o700, uid, gid });
  m.files.put(`${home}/.profile`, { kind: "file", mode: 0o644, uid, gid });
}

const usermod: Program = (m, words) => {
  const { values, name } = options("usermod", words, ["-u", "-g", "-d", "-s", "-c", "-e", "-G"], ["-m", "-a", "-L", "-U"]);
  const user = m.accounts.user(name);
  if (!user) throw new Trouble(6, `usermod: user '${name}' does not exist`);
  const uid = values.get("-u");
  if (uid !== undefined) renumber(m, user, Number(uid));
  const primary = values.get("-g");
  if (primary !== undefined) {
    const gid = m.accounts.gidOf(primary);
    if (gid === undefined) throw new Trouble(6, `usermod: group '${primary}' does not exist`);
    for (const node of m.files.below(user.home)) if (node.gid === user.gid) node.gid = gid;
    user.gid = gid;
  }
  const groups = values.get("-G");
  if (groups !== undefined) {
    if (!values.has("-a")) for (const g of m.accounts.groups) g.members = g.members.filter((member) => member !== name);
    join(m, name, groups);
  }
  user.home = values.get("-d") ?? user.home;
  user.shell = values.get("-s") ?? user.shell;
  user.comment = values.get("-c") ?? user.comment;
  if (values.has("-e")) user.expires = day(values.get("-e"));
  if (values.has("-L") && !user.hash.startsWith("!")) user.hash = `!${user.hash}`;
  if (values.has("-U")) user.hash = user.hash.replace(/^!/, "");
  return "";
};

/** usermod hands the files in the home over, which no plan predicts. */
function renumber(m: FakeMachine, user: FakeUser, uid: number): void {
  if (m.accounts.users.some((u) => u.uid === uid && u !== user)) throw new Trouble(4, `usermod: UID '${uid}' already exists`);
  for (const node of m.files.below(user.home)) if (node.uid === user.uid) node.uid = uid;
  user.uid = uid;
}

const userdel: Program = (m, words) => {
  const { values, name } = options("userdel", words, [], ["-r", "-f"]);
  const user = m.accounts.user(name);
  if (!user) throw new Trouble(6, `userdel: user '${name}' does not exist`);
  m.accounts.drop(m.accounts.users, user);
  const own = m.accounts.group(name);
  for (const g of m.accounts.groups) g.members = g.members.filter((member) => member !== name);
  if (own && own.gid === user.gid && own.members.length === 0 && !m.accounts.users.some((u) => u.gid === own.gid))
    m.accounts.drop(m.accounts.groups, own);
  if (values.has("-r")) m.files.remove(user.home);
  return "";
};

const chpasswd: Program = (m, words, stdin) => {
  const [, name = "", hash = ""] = /^([^:\n]+):([^\n]*)\n$/.exec(stdin) ?? [];
  if (words.join(" ") !== "-e" || name === "") return unknownWords("chpasswd", words);
  const user = m.accounts.user(name);
  if (!user) throw new Trouble(1, `chpasswd: user '${name}' does not exist`);
  user.hash = hash;
  return "";
};

export const shadowUtils: Readonly<Record<string, Program>> = {
  groupadd,
  groupmod,
  gpasswd,
  groupdel,
  useradd,
  usermod,
  userdel,
  chpasswd,
};
