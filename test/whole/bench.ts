import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import type { Event, HostRecap, TaskEvent } from "../../src/kernel/event.ts";

const main = resolve(import.meta.dirname, "../../src/cli/launch.js");

/** How a run of the whole program ended, and what it said. */
export interface Ended {
  readonly exit: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly text: string;
  readonly seconds: number;
  /** The most memory that it held, in MB. */
  readonly peak: number;
  /** With `--output json`: all events, those of tasks, and the recap of a host. */
  events(): Event[];
  tasks(host?: string): TaskEvent[];
  recap(host: string): HostRecap;
}

/** A run that is not over yet. */
export interface Running {
  readonly pid: number;
  readonly ended: Promise<Ended>;
  /** Sends a signal to the program alone. */
  signal(name: NodeJS.Signals): void;
  /** Resolves when the program has printed this. */
  said(text: string | RegExp): Promise<void>;
}

/** A folder with playbooks, and the whole program run in it as a person would: a process of its own, no mocks. */
export class Bench {
  readonly folder: string;
  readonly #children = new Set<ChildProcess>();

  constructor(files: Readonly<Record<string, string | object>> = {}) {
    this.folder = mkdtempSync(join(tmpdir(), "rempart-whole-"));
    mkdirSync(join(this.folder, "tmp"));
    for (const [name, content] of Object.entries(files)) this.put(name, content);
  }

  /** Writes a file; what is no text is written as JSON, which YAML reads too. */
  put(name: string, content: string | Uint8Array | object): void {
    const file = join(this.folder, name);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, typeof content === "string" || content instanceof Uint8Array ? content : JSON.stringify(content, null, 1));
  }

  /** Removes a file or folder, if it is there. */
  drop(name: string): void {
    rmSync(join(this.folder, name), { recursive: true, force: true });
  }

  move(from: string, to: string): void {
    renameSync(join(this.folder, from), join(this.folder, to));
  }

  start(args: readonly string[], env: Readonly<Record<string, string>> = {}): Running {
    const { PATH, HOME } = process.env;
    const begun = performance.now();
    // A folder of its own for temporary files, so that whatever is left there can be found.
    const child = spawn(process.execPath, [main, ...args], {
      cwd: this.folder,
      env: { PATH, HOME, NO_COLOR: "1", TMPDIR: join(this.folder, "tmp"), XDG_STATE_HOME: join(this.folder, "state"), ...env },
    });
    child.stdin.end();
    this.#children.add(child);
    const said = { stdout: "", stderr: "" };
    for (const stream of ["stdout", "stderr"] as const) {
      child[stream].setEncoding("utf8");
      child[stream].on("data", (text: string) => {
        said[stream] += text;
      });
    }
    let peak = 0;
    const watch = setInterval(() => {
      peak = Math.max(peak, highWater(child.pid));
    }, 100);
    const ended = new Promise<Ended>((done, failed) => {
      child.on("error", failed);
      child.on("close", (exit) => {
        clearInterval(watch);
        this.#children.delete(child);
        done(told(exit, said.stdout, said.stderr, (performance.now() - begun) / 1000, peak));
      });
    });
    return {
      pid: child.pid ?? 0,
      ended,
      signal: (name) => child.kill(name),
      said: (text) =>
        new Promise((done, failed) => {
          const look = (): void => {
            const all = said.stdout + said.stderr;
            if (typeof text === "string" ? all.includes(text) : text.test(all)) done();
          };
          child.stdout.on("data", look);
          child.stderr.on("data", look);
          child.on("close", () => failed(new Error(`it ended without saying ${text}: ${said.stdout}${said.stderr}`)));
          look();
        }),
    };
  }

  run(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ended> {
    return this.start(args, env).ended;
  }

  /** Removes the folder, and ends what a failed test left running. */
  remove(): void {
    for (const child of this.#children) child.kill("SIGKILL");
    if (existsSync(this.folder)) rmSync(this.folder, { recursive: true });
  }
}

function told(exit: number | null, stdout: string, stderr: string, seconds: number, peak: number): Ended {
  const events = (): Event[] => stdout.split("\n").flatMap((line) => (line === "" ? [] : [JSON.parse(line) as Event]));
  return {
    exit,
    stdout,
    stderr,
    text: stdout + stderr,
    seconds,
    peak,
    events,
    tasks: (host) => events().filter((e): e is TaskEvent => e.event === "task" && (host === undefined || e.host === host)),
    recap(host) {
      const recap = events().find((e) => e.event === "recap")?.hosts[host];
      if (!recap) throw new Error(`no recap of ${host}: ${stdout.slice(-2000)}${stderr.slice(-2000)}`);
      return recap;
    },
  };
}

function highWater(pid: number | undefined): number {
  try {
    return Number(/^VmHWM:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] ?? 0) / 1024;
  } catch {
    return 0;
  }
}
