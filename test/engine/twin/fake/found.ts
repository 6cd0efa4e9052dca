import { matchesGlob } from "node:path";
import type { Found, FoundEntry } from "../../../../src/facts/found.ts";
import type { FoundKey } from "../../../../src/facts/found-key.ts";
import { parentOf } from "./files.ts";
import type { FakeMachine } from "./machine.ts";

/** What lies below folders. All files of the machine are of the same time. */
export function foundIn(m: FakeMachine, key: FoundKey): Found {
  const all = key.paths.flatMap((folder) => (m.files.through(folder)?.kind === "directory" ? below(m, folder, key.depth ?? 99) : []));
  const fitting = all.filter(
    ([path, { kind }]) => (key.type === "any" || key.type === kind) && fits(key, path.slice(path.lastIndexOf("/") + 1)),
  );
  const entries = fitting.flatMap(([path, node]): FoundEntry[] => {
    if (key.age !== undefined && key.age > 0) return [];
    const { size = 0 } = key;
    if (node.kind === "file" && (size < 0 ? node.content.length > -size : node.content.length < size)) return [];
    const text = node.content.toString("utf8");
    if (key.line !== undefined && !new RegExp(key.line, "m").test(text)) return [];
    const mode = node.mode.toString(8).padStart(4, "0");
    const digest = key.digest && node.kind === "file" ? { sha256: m.digest(node.content) } : {};
    return [
      {
        path,
        type: node.kind,
        mode,
        size: node.content.length,
        uid: node.uid,
        gid: node.gid,
        mtime: 0,
        atime: 0,
        ctime: 0,
        links: 1,
        inode: 1,
        ...digest,
      },
    ];
  });
  const skipped = key.paths
    .filter((p) => m.files.through(p)?.kind !== "directory")
    .map((p) => [p, m.files.through(p) ? "it is not a folder" : "there is nothing"]);
  return { entries: entries.sort((a, b) => (a.path < b.path ? -1 : 1)), examined: fitting.length, skipped: Object.fromEntries(skipped) };
}

type Node = readonly [string, NonNullable<ReturnType<FakeMachine["files"]["at"]>>];

function below(m: FakeMachine, folder: string, depth: number): Node[] {
  if (depth === 0) return [];
  const inside = m.files.real(`${folder}/x`);
  return (inside === undefined ? [] : m.files.children(parentOf(inside))).flatMap((real): Node[] => {
    const path = `${folder === "/" ? "" : folder}/${real.slice(real.lastIndexOf("/") + 1)}`;
    const node = m.files.at(path);
    if (!node) return [];
    return [[path, node], ...(node.kind === "directory" ? below(m, path, depth - 1) : [])];
  });
}

function fits(key: FoundKey, name: string): boolean {
  const some = (patterns: readonly string[]): boolean => patterns.some((p) => matchesGlob(name, p));
  return (key.hidden || !name.startsWith(".")) && (key.names.length === 0 || some(key.names)) && !some(key.not);
}
