import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, realpathSync, rmSync } from "node:fs";
import { homedir } from "node:os";
import { basename, dirname, isAbsolute, join } from "node:path";
import { type HostProgress, type Journal, type JournalBody, journalFile, type Owed } from "../kernel/journal.ts";
import { scrub } from "../kernel/scrub.ts";
import { replaceFile } from "./replaceFile.ts";
import { UsageError } from "./usage.ts";

/** Places that are a little old only make a resumed run start earlier. Milliseconds. */
const pace = 1000;

/**
 * The journal of one playbook with one inventory, in the state folder of the user: readable by nobody else, with names and places
 * as they stand in the playbook and no value of anything. It is there as long as a host has not come to the end or is owed a handler.
 */
export class JournalFile implements Journal {
  readonly #path: string;
  readonly #head: Pick<JournalBody, "rempart_journal" | "playbook" | "inventory" | "started">;
  readonly #warn: (message: string) => void;
  readonly #hosts = new Map<string, HostProgress>();
  /** Handlers that an earlier run left, by host, and that this one has not run yet. */
  readonly #left: Map<string, readonly Owed[]>;
  #written = 0;
  #open = true;

  /** `keep`: handlers that earlier runs left stay owed until they run. */
  constructor(path: string, playbook: string, inventory: readonly string[], keep: boolean, warn: (message: string) => void) {
    this.#path = path;
    this.#head = { rempart_journal: 1, playbook, inventory: [...inventory], started: new Date().toISOString() };
    this.#warn = warn;
    const before = keep ? Object.entries(readJournal(path)?.hosts ?? {}) : [];
    this.#left = new Map(before.map(([host, { owed }]) => [host, owed]));
  }

  note(host: string, progress: HostProgress): void {
    const before = this.#hosts.get(host);
    this.#hosts.set(host, progress);
    const owes = JSON.stringify(before?.owed ?? []) !== JSON.stringify(progress.owed);
    const over = progress.done && [...this.#hosts.values()].every((h) => h.done);
    if (owes || over || Date.now() - this.#written > pace) this.write();
  }

  ran(host: string, handler: Owed): void {
    const left = this.#left.get(host) ?? [];
    this.#left.set(
      host,
      left.filter((o) => !isSame(o, handler)),
    );
  }

  /** Other runs of the playbook, on other hosts, may have written meanwhile: only our hosts are replaced. */
  write(): void {
    if (!this.#open) return;
    this.#written = Date.now();
    const own = [...this.#hosts].map(([host, p]): [string, HostProgress] => {
      const left = (this.#left.get(host) ?? []).filter((o) => !p.owed.some((now) => isSame(now, o)));
      return [host, { ...p, owed: [...left, ...p.owed] }];
    });
    try {
      const hosts = { ...readJournal(this.#path)?.hosts, ...Object.fromEntries(own) };
      if (Object.values(hosts).every((h) => h.done && h.owed.length === 0)) return rmSync(this.#path, { force: true });
      mkdirSync(dirname(this.#path), { recursive: true, mode: 0o700 });
      replaceFile(this.#path, `${scrub(JSON.stringify({ ...this.#head, hosts }, null, 1))}\n`);
    } catch (error) {
      this.#open = false;
      this.#warn(`no journal is kept, so this run cannot be resumed: ${(error as Error).message}`);
    }
  }
}

/** Where the journal of a playbook with an inventory lies. */
export function journalPath(playbook: string, inventory: readonly string[]): string {
  const state = process.env.XDG_STATE_HOME ?? "";
  const folder = isAbsolute(state) ? state : join(homedir(), ".local/state");
  const what = [playbook, ...inventory].map((file) => realpathSync(file)).join("\n");
  const id = createHash("sha256").update(what).digest("hex").slice(0, 16);
  return join(folder, "rempart/journal", `${basename(playbook).replace(/\.ya?ml$/, "")}-${id}.json`);
}

/** The journal as it was left, undefined without one. Throws UsageError for one that cannot be read. */
export function readJournal(path: string): JournalBody | undefined {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw new UsageError(`the journal ${path} cannot be read: ${(error as NodeJS.ErrnoException).code ?? String(error)}`);
  }
  const read = journalFile.safeParse(parsed(text));
  if (!read.success)
    throw new UsageError(`the journal ${path} is damaged, or of another version of rempart`, "look at what it says, then remove it");
  return read.data;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isSame(a: Owed, b: Owed): boolean {
  return a.playName === b.playName && a.role === b.role && a.handler === b.handler;
}
