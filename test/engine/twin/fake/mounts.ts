import type { Mount, MountKey } from "../../../../src/facts/mount.ts";
import type { FakeFiles } from "./files.ts";
import { Trouble } from "./trouble.ts";

interface Mounted {
  readonly source: string;
  readonly fstype: string;
  options: string;
}

/** A stand-in for the kernel's table of mounts. What lies under one stays to be seen. */
export class FakeMounts {
  readonly #at = new Map<string, Mounted[]>();
  readonly #files: FakeFiles;

  constructor(files: FakeFiles) {
    this.#files = files;
  }

  top(path: string): Mounted | undefined {
    return this.#at.get(path)?.at(-1);
  }

  answer({ path, src, fstype }: MountKey): Mount {
    const top = this.top(path);
    const node = this.#files.at(path);
    const point = node === undefined ? "absent" : node.kind === "file" ? "other" : node.kind;
    if (!top) return { mounted: false, source: "", fstype: "", options: "", layers: 0, wanted: false, point };
    const wanted = src !== undefined && (/[/:=]/.test(src) ? src === top.source : fstype === top.fstype);
    return { mounted: true, ...top, layers: this.#at.get(path)?.length ?? 0, wanted, point: "" };
  }

  mount(path: string, source: string, fstype: string, opts: string): void {
    if (this.#files.through(path)?.kind !== "directory") throw new Trouble(32, `mount: ${path}: mount point does not exist.`);
    if (source === "nas:/gone")
      throw new Trouble(32, `mount.nfs: mounting ${source} failed, reason given by server: No such file or directory`);
    this.#at.set(path, [...(this.#at.get(path) ?? []), { source, fstype, options: live(opts) }]);
  }

  remount(path: string, opts: string): void {
    const top = this.top(path);
    if (!top) throw new Trouble(32, `mount: ${path}: mount point not mounted or bad option.`);
    top.options = live(opts);
  }

  umount(path: string): void {
    const all = this.#at.get(path);
    if (!all) throw new Trouble(32, `umount: ${path}: not mounted.`);
    if (all.length > 1) all.pop();
    else this.#at.delete(path);
  }

  dump(): unknown {
    return [...this.#at].map(([path, all]) => [path, ...all.map((t) => `${t.source} ${t.fstype} ${t.options}`)].join()).sort();
  }
}

function live(opts: string): string {
  const words = opts.split(",");
  return [words.includes("ro") ? "ro" : "rw", ...["nosuid", "nodev", "noexec"].filter((o) => words.includes(o)), "relatime"].join(",");
}
