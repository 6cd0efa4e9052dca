import type { Step } from "../kernel/step.ts";
import { type Identity, identityKey, type Work } from "../kernel/target.ts";
import { type Bounds, boundNow } from "./bounds.ts";
import type { Line } from "./channel.ts";
import { bringDownloads } from "./download.ts";
import { type NotEntered, whyNotEntered } from "./enter.ts";
import { type FrameEnd, type FrameListener, KeptShell } from "./kept-shell.ts";
import { killTree } from "./kill-tree.ts";
import type { Lanes } from "./lanes.ts";
import { Locks, lockScript, unlockAtEnd } from "./lock.ts";
import { type Script, scriptOf } from "./script.ts";
import type { Send, Staged } from "./staging.ts";
import { Transcript } from "./transcript.ts";
import { stageUploads } from "./upload.ts";

/** One script that was run, and what it said. */
export interface Exchanged {
  readonly script: Script;
  readonly transcript: Transcript;
  /** Set when it was killed at a bound: that of a step, or of the asking. */
  readonly overdue?: { readonly step: number | undefined; readonly seconds: number };
  /** What ended it early, for people. */
  readonly why: string;
  /** Why the host is gone, when it is. */
  readonly gone?: string;
}

const silent: FrameListener = { text() {}, mark() {} };

/** Runs scripts on the shells of a target, each within its bounds, and counts. */
export class Exchange {
  readonly #line: Line;
  readonly #lanes: Lanes;
  readonly #bounds: Bounds;
  readonly #runFolder: string;
  readonly #busy = new Map<KeptShell, Identity>();
  readonly #locks = new Locks<KeptShell>();
  roundTrips = 0;
  processes = 0;

  constructor(line: Line, lanes: Lanes, bounds: Bounds, runFolder: string) {
    this.#runFolder = runFolder;
    this.#line = line;
    this.#lanes = lanes;
    this.#bounds = bounds;
  }

  /** `until`: when the whole exchange must be over, on the clock of `performance`. */
  async run(work: Work, staged: ReadonlyMap<Step, Staged>, until: number | undefined): Promise<Exchanged | NotEntered> {
    const shell = await this.#lanes.shell(work.as, work.lane);
    if (!(shell instanceof KeptShell)) return shell;
    const as = identityKey(work.as);
    const lock = work.lock && this.#locks.due(work.lock, as, shell) ? work.lock : undefined;
    const script = scriptOf(work, staged, shell.acted, lock && lockScript(lock, this.#runFolder));
    if (script.steps.length > 0) shell.acted = true;
    let overdue: Exchanged["overdue"];
    let timer: NodeJS.Timeout | undefined;
    const watch = (): void => {
      clearTimeout(timer);
      if (overdue) return;
      const left = until === undefined ? Number.POSITIVE_INFINITY : (until - performance.now()) / 1000;
      const { open } = this.#bounds;
      const now = shell.pid === undefined ? { left: open, bound: open } : boundNow(script, transcript, this.#bounds);
      const wait = Math.max(0, Math.min(left, now.left));
      timer = setTimeout(() => {
        overdue = { step: transcript.running, seconds: left < wait + 1 ? (work.timeout ?? now.bound) : now.bound };
        void this.#kill(shell, work.as);
      }, wait * 1000);
    };
    const transcript = new Transcript(watch);
    watch();
    const end = await this.#frame(
      shell,
      work.as,
      (mark) => script.text(mark),
      transcript,
      lock?.take ? unlockAtEnd(lock.run, this.#runFolder) : undefined,
    );
    clearTimeout(timer);
    if (lock) this.#locks.told(transcript.lock, lock, as, shell);
    const unentered = await this.#unentered(end, shell, work.as, overdue?.seconds);
    if (unentered) return unentered;
    if (end.status === "ended" && !overdue) transcript.end();
    if (transcript.stray > 0 || overdue) shell.retire();
    const why = end.status === "closed" ? end.why : `the shell was killed or ended early (exit code ${end.rc})`;
    const gone = end.status === "closed" ? await this.#line.gone() : undefined;
    return { script, transcript, why: gone ?? why, ...(overdue && { overdue }), ...(gone !== undefined && { gone }) };
  }

  /** Sends the files of large uploads ahead, and brings those of downloads. A file that cannot be sent or brought fails only its own step. */
  async stage(work: Work, until: number | undefined): Promise<Map<Step, Staged> | NotEntered> {
    const send = this.#sender(work, until);
    const staged = await stageUploads(work.links, send);
    return "status" in staged ? staged : ((await bringDownloads(work.links, staged, send)) ?? staged);
  }

  #sender(work: Work, until: number | undefined): Send {
    return async (script, outside, take) => {
      const shell = await this.#lanes.shell(work.as, work.lane);
      if (!(shell instanceof KeptShell)) return shell;
      let complaint = "";
      const listener: FrameListener = {
        mark() {},
        text(stream, chunk) {
          if (stream === "stdout") take?.(chunk);
          else if (complaint.length < 1000) complaint += chunk.toString("utf8");
        },
      };
      const left = until === undefined ? this.#bounds.silence : Math.min(this.#bounds.silence, (until - performance.now()) / 1000);
      const timer = setTimeout(() => void this.#kill(shell, work.as), Math.max(0, left) * 1000);
      const end = await this.#frame(shell, work.as, () => script, listener, outside);
      clearTimeout(timer);
      const unentered = await this.#unentered(end, shell, work.as, undefined);
      if (unentered) return unentered;
      if (end.status === "closed") return { status: "lost", why: (await this.#line.gone()) ?? end.why, help: "" };
      return { rc: end.rc, complaint: complaint.trim() };
    };
  }

  /** Kills what runs. */
  async abandon(): Promise<void> {
    await Promise.all([...this.#busy].map(([shell, identity]) => this.#kill(shell, identity)));
  }

  async #frame(
    shell: KeptShell,
    as: Identity,
    script: (mark: string) => Buffer,
    listener: FrameListener,
    outside?: string,
  ): Promise<FrameEnd> {
    this.#busy.set(shell, as);
    const end = await shell.run(script, listener, outside);
    this.#busy.delete(shell);
    this.roundTrips++;
    if (end.status === "ended") this.processes += end.processes;
    return end;
  }

  /** The shell never answered, and not because the host is gone: then the identity could not be entered. */
  async #unentered(end: FrameEnd, shell: KeptShell, as: Identity, seconds: number | undefined): Promise<NotEntered | undefined> {
    if (end.status !== "closed" || shell.pid !== undefined) return undefined;
    const why = whyNotEntered(as, shell.early, shell.word, seconds);
    return why && (await this.#line.gone()) === undefined ? why : undefined;
  }

  /** Through a shell of its own, since the one that hangs may be the control shell. The channel is dropped when that does not help. */
  async #kill(shell: KeptShell, as: Identity): Promise<void> {
    shell.retire();
    const force = setTimeout(() => shell.destroy(), this.#bounds.kill * 1000);
    const killer = shell.pid === undefined ? undefined : await this.#lanes.open(as);
    if (shell.pid !== undefined && killer instanceof KeptShell) {
      const script = killTree(shell.pid);
      const stuck = setTimeout(() => killer.destroy(), this.#bounds.kill * 1000);
      await killer.run(() => script, silent);
      clearTimeout(stuck);
      killer.end();
    } else shell.destroy();
    while (this.#busy.has(shell) && !shell.closed) await new Promise((resolve) => setTimeout(resolve, 20));
    clearTimeout(force);
  }
}
