import { Trouble } from "./trouble.ts";

export interface FakeNode {
  kind: "file" | "directory" | "link";
  mode: number;
  uid: number;
  gid: number;
  content: Buffer;
  /** Of a link, as written in it. */
  target: string;
  /** When it was written, on the clock of the machine. */
  written: number;
}

/** Who acts: root, or the one who logged in. */
export interface Acting {
  readonly uid: number;
  readonly gid: number;
}

export const root: Acting = { uid: 0, gid: 0 };
export const admin: Acting = { uid: 1000, gid: 1000 };

const empty = Buffer.alloc(0);

/** A stand-in for the files of a machine. Links in front of the last part of a path are followed. */
export class FakeFiles {
  readonly nodes = new Map<string, FakeNode>([["/", { ...blank("directory", 0o755), written: 0 }]]);
  #clock = 0;

  /** What stands at the path; a link at its end is not followed. */
  at(path: string): FakeNode | undefined {
    const real = this.real(path);
    return real === undefined ? undefined : this.nodes.get(real);
  }

  /** The same, through a link at its end. */
  through(path: string): FakeNode | undefined {
    const node = this.at(path);
    if (node?.kind !== "link") return node;
    const end = this.#end(path, 8);
    return end === undefined ? undefined : this.nodes.get(end);
  }

  text(path: string): string | undefined {
    const node = this.through(path);
    return node?.kind === "file" ? node.content.toString("utf8") : undefined;
  }

  /** The path without links in front of its last part; undefined when a folder of it is not there. */
  real(path: string, depth = 8): string | undefined {
    const parts = path.split("/").filter((p) => p !== "" && p !== ".");
    let at = "/";
    for (const [i, part] of parts.entries()) {
      const folder = this.#end(at, depth);
      if (folder === undefined || this.nodes.get(folder)?.kind !== "directory") return undefined;
      at = part === ".." ? parentOf(folder) : join(folder, part);
      if (i === parts.length - 1) return at;
    }
    return at;
  }

  #end(path: string, depth: number): string | undefined {
    const node = this.nodes.get(path);
    if (node?.kind !== "link") return path;
    if (depth === 0) return undefined;
    const next = this.real(node.target.startsWith("/") ? node.target : join(parentOf(path), node.target), depth - 1);
    return next === undefined ? undefined : this.#end(next, depth - 1);
  }

  /** Puts something at the path, over what is there. */
  put(path: string, node: Partial<FakeNode> & Pick<FakeNode, "kind" | "mode">, as: Acting = root): void {
    const real = this.real(path);
    if (real === undefined) throw new Trouble(1, `cannot create ${path}: No such file or directory`);
    this.mayWrite(real, as);
    this.nodes.set(real, { ...blank(node.kind, node.mode), uid: as.uid, gid: as.gid, ...node, written: ++this.#clock });
  }

  /** A new folder takes the group and the set-group bit of one that has it. */
  mkdir(path: string, mode: number, as: Acting): void {
    const parent = this.through(parentOf(path));
    const inherits = ((parent?.mode ?? 0) & 0o2000) !== 0;
    this.put(path, { kind: "directory", mode: inherits ? mode | 0o2000 : mode, ...(inherits && parent && { gid: parent.gid }) }, as);
  }

  /** Takes away what is there, with all in it. */
  remove(path: string, as: Acting = root): void {
    const real = this.real(path);
    if (real === undefined || !this.nodes.has(real)) return;
    this.mayWrite(real, as);
    for (const at of this.nodes.keys()) if (at === real || at.startsWith(`${real}/`)) this.nodes.delete(at);
    this.#clock++;
  }

  children(path: string): string[] {
    const real = this.real(path) ?? path;
    return [...this.nodes.keys()].filter((at) => parentOf(at) === real && at !== "/");
  }

  below(path: string): FakeNode[] {
    return [...this.nodes].filter(([at]) => at === path || at.startsWith(`${path}/`)).map(([, node]) => node);
  }

  mayWrite(path: string, as: Acting): void {
    if (as.uid !== 0 && path !== "/home/admin" && !path.startsWith("/home/admin/")) throw new Trouble(1, `${path}: Permission denied`);
  }

  dump(): string[] {
    const line = (path: string, n: FakeNode): string =>
      `${path} ${n.kind} ${n.mode.toString(8)} ${n.uid} ${n.gid} ${n.kind === "link" ? n.target : JSON.stringify(n.content.toString("latin1"))}`;
    return [...this.nodes].map(([path, node]) => line(path, node)).sort();
  }
}

function blank(kind: FakeNode["kind"], mode: number): Omit<FakeNode, "written"> {
  return { kind, mode, uid: 0, gid: 0, content: empty, target: "" };
}

export function parentOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/")) || "/";
}

function join(folder: string, name: string): string {
  return folder === "/" ? `/${name}` : `${folder}/${name}`;
}
