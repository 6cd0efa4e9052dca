import { randomBytes } from "node:crypto";
import { type Identity, identityKey, type Link, type LinkResult, type Target, type Unreachable } from "../../kernel/target.ts";
import { type Undo, undoOf } from "../../kernel/undo.ts";
import type { Guard } from "../../playbook/model.ts";
import type { Planned } from "../decide/planned.ts";
import { keepTrying, type Reconnect, reach, runScript } from "./guardreach.ts";
import { armScript, disarmScript, undoNowScript } from "./guardscript.ts";

/** Seconds between the tries of a proof; the host must be reached by one of them. */
const proofPauses = [1, 7, 14];
/** Seconds between the tries to find a host again that was shut. */
const searchPauses = [0, 7, 10, 15];
/** Seconds that a host gets, behind its undo, to be there again: that may be a boot. */
const grace = 120;

interface Armed {
  readonly id: string;
  /** Seconds that the block may take. */
  readonly within: number;
  /** When the clock was started, as far as that is known: not before, not after. On the clock of `performance`. */
  readonly from: number;
  readonly to: number;
  readonly undo: Undo;
  readonly identities: ReadonlyMap<string, Identity>;
  readonly as: Identity;
  /** What the host told when it was armed. */
  readonly told: string;
}

/** What was put back, in words; the connection is set when the kept one is gone and a new one was made. */
export interface PutBack {
  readonly told: string;
  readonly target?: Target;
}

/** The guarded block that a host is in: what stands ready on the host to undo it, and the proof that this is not needed. */
export class HostGuard {
  readonly #reconnect: Reconnect;
  #armed: Armed | undefined;
  #next: Armed | undefined;

  constructor(reconnect: Reconnect) {
    this.#reconnect = reconnect;
  }

  get isArmed(): boolean {
    return this.#armed !== undefined;
  }

  /** Seconds that are left for the block. */
  get left(): number {
    return this.#armed ? (this.#armed.from - performance.now()) / 1000 + this.#armed.within : Number.POSITIVE_INFINITY;
  }

  /** The link in front of a chain of the block: keeps what its steps will change, and starts the clock when it is the first. */
  link(guard: Guard, due: readonly Planned[], as: Identity): Link {
    const now = this.#armed;
    const undo = together(now?.undo ?? { paths: [], run: [] }, due);
    const id = now?.id ?? randomBytes(6).toString("hex");
    const identities = new Map(now?.identities).set(identityKey(as), as);
    const started = performance.now();
    this.#next = { within: guard.within, from: started, to: started, as, told: "", ...now, id, undo, identities };
    const text = armScript(id, undo, now?.undo.paths.length ?? 0, now ? undefined : guard.within);
    return { guard: [], steps: [{ do: "exec", argv: ["sh"], stdin: text, timeout: 120 }], verify: [] };
  }

  /** Takes in what became of that link. The reason when the chain must not count as guarded. */
  took(result: LinkResult | undefined): string | undefined {
    const next = this.#next;
    this.#next = undefined;
    if (!next) return undefined;
    const first = this.#armed === undefined;
    const to = performance.now();
    const ran = result && "ran" in result ? result.ran[0] : undefined;
    if (!result) {
      // Cut off in the middle, it may stand ready all the same.
      this.#armed ??= { ...next, to };
      return undefined;
    }
    if (result.status !== "done")
      return ran?.stderr.trim() || ("why" in result ? result.why : "the host could not be made ready to undo the block");
    this.#armed = first ? { ...next, to, told: ran?.stdout.trim() ?? "" } : next;
    return undefined;
  }

  /** A new connection, a new login, a new become; then the clock is stopped over that connection. */
  async prove(port: number | undefined): Promise<{ readonly proved: string } | { readonly why: string }> {
    const armed = this.#armed;
    if (!armed) return { proved: "" };
    const until = armed.from + (armed.within - 5) * 1000;
    const patient = { pauses: proofPauses, until, most: proofPauses.length };
    const reached = await keepTrying(() => reach(this.#reconnect, port, [...armed.identities.values()]), patient);
    if ("why" in reached) return { why: `the host cannot be reached any more: ${reached.why}` };
    const stopped = await runScript(reached, armed.as, disarmScript(armed.id), 30);
    await reached.close();
    if ("why" in stopped) return { why: stopped.why };
    this.#armed = undefined;
    return { proved: armed.told };
  }

  /** Puts everything back, over the kept connection or as soon as the host can be reached; Unreachable when it could not be seen to be so. */
  async putBack(kept: Target | undefined, mustReach: boolean): Promise<PutBack | Unreachable> {
    const armed = this.#armed;
    if (!armed) return { told: "nothing of the block was done" };
    this.#armed = undefined;
    /** Seconds until the host acts by itself. */
    const rest = (): number => Math.max(0, (armed.to - performance.now()) / 1000 + armed.within);
    const script = undoNowScript(armed.id);
    let done = kept ? await runScript(kept, armed.as, script, rest() + 70) : { why: "the connection was closed" };
    if ("printed" in done && !mustReach) return { told: inWords(done.printed) };
    const expected = performance.now() + ("printed" in done ? 0 : rest() + 2) * 1000;
    const patient = { pauses: searchPauses, until: expected + grace * 1000, expected };
    const reached = await keepTrying(() => reach(this.#reconnect, undefined, [...armed.identities.values()]), patient);
    if ("why" in reached) return lost(armed, "printed" in done, reached.why);
    if ("why" in done) done = await runScript(reached, armed.as, script, 90);
    else {
      await reached.close();
      return { told: inWords(done.printed) };
    }
    const told = "printed" in done ? inWords(done.printed) : `whether everything was put back is not known: ${done.why}`;
    return { told, target: reached };
  }
}

/** What the steps to come will change, behind what was kept already; what is done later is taken back earlier. */
function together(undo: Undo, due: readonly Planned[]): Undo {
  const more = due.flatMap((p) => (p.acts ? (p.decision?.changes ?? []) : [])).flatMap((c) => undoOf(c) ?? []);
  const paths = [...new Set([...undo.paths, ...more.flatMap((u) => u.paths)])];
  const run = [...more.toReversed().flatMap((u) => u.run), ...undo.run];
  const once = run.filter((words, i) => run.findLastIndex((w) => w.join("\0") === words.join("\0")) === i);
  const reread = once.filter((words) => words.includes("daemon-reload"));
  return { paths, run: [...reread, ...once.filter((words) => !words.includes("daemon-reload"))] };
}

function inWords(printed: string): string {
  const failed = printed.trim().split("\n").filter(Boolean);
  return failed.length === 0 ? "everything in the guarded block was put back" : `could not be put back: ${failed.join("; ")}; the rest was`;
}

function lost({ within }: Armed, done: boolean, why: string): Unreachable {
  return done
    ? { unreachable: `everything in the guarded block was put back, and still: ${why}`, help: "look at the host from its console" }
    : {
        unreachable: `${why}, in a guarded block`,
        help: `the host puts everything back by itself within ${within} s, or when it has booted; then run again`,
      };
}
