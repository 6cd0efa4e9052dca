import { setTimeout as sleep } from "node:timers/promises";
import { type Identity, identityKey, type Link, type Target, type Unreachable } from "../../kernel/target.ts";

/** A connection beside the one in use: the login is a new one. `port`: where it is to be, when not where the inventory says. */
export type Reconnect = (port?: number) => Promise<Target | Unreachable>;

/** Seconds that one try may take. */
const usualPatience = 10;

/** What stood in the way of one try. */
export interface Obstacle {
  readonly why: string;
  /** The host answered and said no. */
  readonly refused: boolean;
  /** No further try makes sense. */
  readonly final?: true;
}

/** One try: a new connection, a new login, and a new become for each identity. */
export async function reach(
  reconnect: Reconnect,
  port: number | undefined,
  identities: readonly Identity[],
  patience = usualPatience,
): Promise<Target | Obstacle> {
  const target = await inTime(reconnect(port), patience);
  if ("why" in target) return target;
  for (const as of identities) {
    const entered = await Promise.race([
      target.perform({ as, lane: "control", links: [], ask: [], timeout: patience }),
      sleep(2 * patience * 1000, undefined, { ref: false }),
    ]);
    if (entered?.status === "done") continue;
    await target.close();
    return { why: entered?.why ?? `no shell as ${identityKey(as)} within ${2 * patience} s`, refused: entered?.status === "refused" };
  }
  return target;
}

/** Waits for the connection, but not for ever; one that comes too late is closed. */
async function inTime(connecting: Promise<Target | Unreachable>, patience: number): Promise<Target | Obstacle> {
  const late = Symbol();
  const first = await Promise.race([connecting, sleep(patience * 1000, late, { ref: false })]);
  if (typeof first === "symbol") {
    void connecting.then((target) => ("unreachable" in target ? undefined : target.close()));
    return { why: `the host did not let a new connection in within ${patience} s`, refused: false };
  }
  return "unreachable" in first
    ? { why: first.unreachable, refused: first.refused === true, ...(first.final && { final: true as const }) }
    : first;
}

/** Refusals that are taken before it is given up: fail2ban and sshd's own penalties count them. */
const mostRefusals = 2;

export interface Patience {
  /** Seconds before each try, the last one again and again: sshd forgets one failure in about five. */
  readonly pauses: readonly number[];
  /** When it is given up, on the clock of `performance`. */
  readonly until: number;
  readonly most?: number;
  /** Until then a refusal is what is to be expected, as the host has not put back what it is to put back: it is waited for. */
  readonly expected?: number;
}

/** Tries until the host is reached, a few times. */
export async function keepTrying(attempt: () => Promise<Target | Obstacle>, patient: Patience): Promise<Target | Obstacle> {
  const { pauses, until, most = Number.POSITIVE_INFINITY, expected = 0 } = patient;
  let refusals = 0;
  let calm = 0;
  for (let tries = 1; ; tries++) {
    const pause = (pauses[Math.min(tries, pauses.length) - 1] ?? 0) * 1000;
    const now = performance.now();
    await sleep(Math.max(0, Math.min(Math.max(pause, calm - now), until - now)));
    const reached = await attempt();
    if (!("why" in reached)) return reached;
    const early = performance.now() < expected;
    calm = reached.refused && early ? expected : 0;
    if (reached.refused && !early) refusals++;
    if (refusals >= mostRefusals || tries >= most || performance.now() + 2000 > until) return reached;
  }
}

/** Runs a script of ours over this connection: what it printed, or why it failed. */
export async function runScript(
  target: Target,
  as: Identity,
  text: string,
  timeout: number,
): Promise<{ readonly printed: string } | { readonly why: string }> {
  const link: Link = { guard: [], steps: [{ do: "exec", argv: ["sh"], stdin: text, timeout }], verify: [] };
  const performed = await target.perform({ as, lane: "control", links: [link], ask: [], timeout });
  if (performed.status !== "done") return { why: performed.why };
  const [result] = performed.links;
  if (result?.status === "done") return { printed: result.ran[0]?.stdout ?? "" };
  const ran = result && "ran" in result ? result.ran[0] : undefined;
  return { why: ran?.stderr.trim() || (result && "why" in result ? result.why : "the host gave no answer") };
}
