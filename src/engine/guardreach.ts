import { setTimeout as sleep } from "node:timers/promises";
import { type Identity, identityKey, type Link, type Target, type Unreachable } from "../kernel/target.ts";

/** A connection beside the one in use: the login is a new one. `port`: where it is to be, when not where the inventory says. */
export type Reconnect = (port?: number) => Promise<Target | Unreachable>;

/** Seconds that one try may take. */
const patience = 10;

/** One try: a new connection, a new login, and a new become for each identity. The target, or what stood in the way. */
export async function reach(reconnect: Reconnect, port: number | undefined, identities: readonly Identity[]): Promise<Target | string> {
  const target = await inTime(reconnect(port));
  if (typeof target === "string") return target;
  for (const as of identities) {
    const entered = await Promise.race([
      target.perform({ as, lane: "control", links: [], ask: [], timeout: patience }),
      sleep(2 * patience * 1000, undefined, { ref: false }),
    ]);
    if (entered?.status === "done") continue;
    await target.close();
    return entered?.why ?? `no shell as ${identityKey(as)} within ${2 * patience} s`;
  }
  return target;
}

/** Waits for the connection, but not for ever; one that comes too late is closed. */
async function inTime(connecting: Promise<Target | Unreachable>): Promise<Target | string> {
  const late = Symbol();
  const first = await Promise.race([connecting, sleep(patience * 1000, late, { ref: false })]);
  if (typeof first === "symbol") {
    void connecting.then((target) => ("unreachable" in target ? undefined : target.close()));
    return `the host did not let a new connection in within ${patience} s`;
  }
  return "unreachable" in first ? first.unreachable : first;
}

/**
 * Tries until the host is reached or `until` (on the clock of `performance`) is over. Few tries, at these pauses (seconds, the last one again
 * and again): an sshd that counts failures shuts an address out, and forgets one failure in about five seconds.
 */
export async function keepTrying(
  attempt: () => Promise<Target | string>,
  pauses: readonly number[],
  until: number,
  most = Number.POSITIVE_INFINITY,
): Promise<Target | string> {
  for (let tries = 1; ; tries++) {
    const pause = (pauses[Math.min(tries, pauses.length) - 1] ?? 0) * 1000;
    await sleep(Math.max(0, Math.min(pause, until - performance.now())));
    const reached = await attempt();
    if (typeof reached !== "string" || tries >= most || performance.now() + 2000 > until) return reached;
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
