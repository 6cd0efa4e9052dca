import type { FakeFiles } from "./files.ts";
import { Trouble } from "./trouble.ts";

interface Running {
  active: "active" | "failed";
  invocation: number;
  /** The file as systemd read it. */
  text: string;
  file: string;
  written: number;
}

export const wants = "/etc/systemd/system/multi-user.target.wants";

/** A stand-in for systemd. What a unit does is told by its ExecStart: /opt/ok, /opt/dies, /opt/fails, /opt/needs FILE, /opt/writes FILE. */
export class FakeUnits {
  readonly running = new Map<string, Running>();
  /** Units that will have died when somebody waits. */
  readonly dying = new Set<string>();
  readonly #files: FakeFiles;
  #starts = 0;

  constructor(files: FakeFiles) {
    this.#files = files;
  }

  file(name: string): string {
    return ["/etc/systemd/system", "/usr/lib/systemd/system"].map((d) => `${d}/${name}`).find((p) => this.#files.at(p)) ?? "";
  }

  text(name: string): string {
    return this.#files.text(this.file(name)) ?? "";
  }

  isMasked(name: string): boolean {
    return this.#files.at(this.file(name))?.target === "/dev/null";
  }

  isEnabled(name: string): boolean {
    return this.#files.at(`${wants}/${name}`) !== undefined;
  }

  isStale(name: string): boolean {
    const now = this.running.get(name);
    if (!now) return false;
    const file = this.file(name);
    return now.file !== file || now.written !== this.#files.at(file)?.written;
  }

  /** daemon-reload. */
  reread(): void {
    for (const [name, now] of this.running) {
      const file = this.file(name);
      if (file === "" && now.active === "failed") this.running.delete(name);
      Object.assign(now, { file, text: this.text(name), written: this.#files.at(file)?.written ?? -1 });
    }
  }

  begin(name: string): void {
    const file = this.file(name);
    const before = this.running.get(name);
    const text = before && before.active === "active" ? before.text : this.text(name);
    if (this.isMasked(name)) throw new Trouble(1, `Failed to start ${name}: Unit ${name} is masked.`);
    if (file === "") throw new Trouble(5, `Failed to start ${name}: Unit ${name} not found.`);
    const [, program, word = ""] = /ExecStart=(\S+)(?: (\S+))?/.exec(text) ?? [];
    const now: Running = { active: "active", invocation: ++this.#starts, text, file, written: this.#files.at(file)?.written ?? -1 };
    this.running.set(name, now);
    const broken = program === "/opt/fails" || (program === "/opt/needs" && this.#files.text(word) === undefined);
    if (program === "/opt/writes") this.#files.put(word, { kind: "file", mode: 0o600, content: Buffer.from(`${name}\n`) });
    if (program === "/opt/dies") this.dying.add(name);
    if (broken) {
      now.active = "failed";
      throw new Trouble(1, `Job for ${name} failed because the control process exited with error code.`);
    }
    if (text.includes("Type=oneshot")) this.running.delete(name);
  }

  end(name: string): void {
    this.running.delete(name);
    this.dying.delete(name);
  }

  /** Who was to die has died, and left a note. */
  settle(): void {
    for (const name of this.dying) {
      const now = this.running.get(name);
      if (now) now.active = "failed";
      const note = "/lab/deaths";
      const before = this.#files.text(note) ?? "";
      if (this.#files.through("/lab")?.kind === "directory")
        this.#files.put(note, { kind: "file", mode: 0o644, content: Buffer.from(`${before}${name}\n`) });
    }
    this.dying.clear();
  }

  dump(): unknown {
    return [...this.running].map(([name, now]) => [name, now.active, now.invocation, now.text, this.isStale(name)].join()).sort();
  }
}
