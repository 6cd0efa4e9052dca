import type { Packed, PackedKey } from "../../../../src/facts/packed.ts";
import { noArchive, type Unpacked, type UnpackedKey } from "../../../../src/facts/unpacked.ts";
import { NoAnswer } from "../../../../src/kernel/fact.ts";
import { type Acting, parentOf } from "./files.ts";
import type { FakeMachine } from "./machine.ts";
import { Trouble } from "./trouble.ts";

/** A stand-in for a tar: a JSON map of names and contents. Undefined for what is none. */
function membersOf(m: FakeMachine, archive: string): Readonly<Record<string, string>> | undefined {
  try {
    return JSON.parse(m.files.text(archive) ?? "") as Readonly<Record<string, string>>;
  } catch {
    return undefined;
  }
}

/** All members are files of mode 0644. */
export function unpackedIn(m: FakeMachine, key: UnpackedKey, as: Acting): Unpacked | NoAnswer {
  if (m.files.through(key.archive) === undefined) return noArchive;
  if (as.uid !== 0) return new NoAnswer("the archive is no file that the user of this task may read; use become: true");
  const members = membersOf(m, key.archive);
  if (!members) return new NoAnswer("a line of its listing is not understood");
  const names = Object.keys(members);
  const at = (name: string): ReturnType<typeof m.files.at> => m.files.at(`${key.dest}/${name}`);
  const there = names.filter((n) => at(n)?.kind === "file" && at(n)?.content.toString() === members[n]);
  const due = names.filter((n) => !there.includes(n));
  const nodes = there.flatMap((n) => at(n) ?? []);
  const bits = (mode: number): string =>
    [...(mode & 0o777).toString(2).padStart(9, "0")].map((b, i) => (b === "1" ? ["r", "w", "x"][i % 3] : "-")).join("");
  const modes = [...new Set(nodes.map((n) => `-${bits(n.mode)}`))].map((now) => ["-rw-r--r--", now] as const);
  const owners = [...new Set(nodes.map((n) => `${n.uid}:${n.gid}`))];
  return { present: true, members: names.length, due: due.length, first: due.slice(0, 5), modes, owners, names: key.list ? names : [] };
}

/** The program of unarchive: ARCHIVE DEST KIND STRIP KEEP DROP OWNER MODE DESTMODE. */
export function unpack(m: FakeMachine, words: readonly string[], as: Acting): string {
  const [archive = "", dest = "", , , , , owner = "", mode = ""] = words;
  const members = membersOf(m, archive);
  if (!members) throw new Trouble(1, "a line of its listing is not understood");
  const [user, group] = owner.split(":");
  const uid = user ? m.accounts.uidOf(user) : as.uid;
  const gid = group ? m.accounts.gidOf(group) : as.gid;
  if (uid === undefined || gid === undefined) throw new Trouble(1, "chown: invalid user");
  for (const [name, content] of Object.entries(members)) {
    const path = `${dest}/${name}`;
    if (m.files.through(parentOf(path)) === undefined) m.files.mkdir(parentOf(path), 0o755, as);
    if (m.files.at(path)?.kind === "directory") throw new Trouble(1, `tar: ${name}: Cannot open: Is a directory`);
    m.files.put(path, { kind: "file", mode: mode === "" ? 0o644 : Number.parseInt(mode, 8), uid, gid, content: Buffer.from(content) });
  }
  return "";
}

/** What the key packs: contents by path. Patterns are plain names here. */
function toPack(m: FakeMachine, key: Pick<PackedKey, "root" | "patterns" | "not" | "dest">): Record<string, string> {
  const all: Record<string, string> = {};
  const out = key.not.map((n) => `${key.root}/${n}`);
  const walk = (path: string): void => {
    const node = m.files.at(path);
    if (!node || path === key.dest || out.includes(path)) return;
    all[path.slice(key.root.length + 1)] =
      node.kind === "link" ? `-> ${node.target}` : `${node.mode} ${node.uid} ${node.gid} ${node.content.toString("latin1")}`;
    if (node.kind === "directory") for (const child of m.files.children(path)) walk(`${path}/${child.slice(child.lastIndexOf("/") + 1)}`);
  };
  for (const pattern of key.patterns) walk(`${key.root}/${pattern}`);
  return Object.fromEntries(Object.entries(all).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function isSingle(m: FakeMachine, key: Pick<PackedKey, "root" | "patterns" | "archive" | "kind">): boolean {
  return (
    key.kind !== "tar" && !key.archive && key.patterns.length === 1 && m.files.at(`${key.root}/${key.patterns[0] ?? ""}`)?.kind === "file"
  );
}

export function packedIn(m: FakeMachine, key: PackedKey): Packed {
  const held = toPack(m, key);
  const count = Object.keys(held).length;
  if (count === 0) return { count, single: false, same: false };
  return { count, single: isSingle(m, key), same: m.files.text(key.dest) === `packed ${JSON.stringify(held)}` };
}

/** The program of archive: KIND ROOT DEST FORCE PATTERNS NOT OWNER MODE REMOVE. */
export function pack(m: FakeMachine, words: readonly string[]): string {
  const [, root = "", dest = "", , patterns = "", not = "", owner = "", mode = "", remove] = words;
  const key = { root, dest, patterns: patterns.split("\n"), not: not.split("\n").filter((n) => n !== "") };
  const held = toPack(m, key);
  const [user = "", group = ""] = owner.split(":");
  const [uid, gid] = [m.accounts.uidOf(user), m.accounts.gidOf(group)];
  if (uid === undefined || gid === undefined) throw new Trouble(1, "chown: invalid user");
  m.files.put(dest, { kind: "file", mode: Number.parseInt(mode, 8), uid, gid, content: Buffer.from(`packed ${JSON.stringify(held)}`) });
  if (remove === "yes") for (const pattern of key.patterns) m.files.remove(`${root}/${pattern}`);
  return "";
}
