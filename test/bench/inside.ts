// Runs in the controller: starts one program, and prints as a line of JSON what it took. Argument: the Job as JSON.
import { spawn } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { Relay } from "./relay.ts";

/** What the controller shall run. */
export interface Job {
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd: string;
  /** Seconds after which it is killed. */
  readonly limit: number;
  /** Relays that stand here meanwhile: from this port to a host that is then `roundTrip` milliseconds away. */
  readonly relays: readonly { readonly port: number; readonly host: string; readonly to: number; readonly roundTrip: number }[];
}

/** What a job took, all its processes together. */
export interface Taken {
  readonly exit: number | null;
  readonly output: string;
  readonly seconds: number;
  readonly cpu: number;
  /** Most MB of anonymous memory at one moment. */
  readonly memory: number;
  /** Bytes on the network, with all headers. */
  readonly sent: number;
  readonly received: number;
  /** Through the relays: connections, and how often the client sent after it had got something. */
  readonly connections: number;
  readonly turns: number;
}

const unified = existsSync("/sys/fs/cgroup/cpu.stat");

if (process.argv[2] !== undefined) process.stdout.write(`${JSON.stringify(await measure(JSON.parse(process.argv[2]) as Job))}\n`);

async function measure(job: Job): Promise<Taken> {
  const relays = await Promise.all(job.relays.map((r) => Relay.start({ host: r.host, port: r.to }, r.roundTrip, r.port)));
  const before = { ...counters(), memory: anonymous() };
  const begun = performance.now();
  const child = spawn(job.argv[0] ?? "", job.argv.slice(1), { cwd: job.cwd, env: { ...process.env, ...job.env }, detached: true });
  child.stdin.end();
  const output: string[] = [];
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding("utf8").on("data", (text: string) => output.push(text));
  const closed = new Promise((resolve) => child.on("close", resolve));
  const late = setTimeout(() => process.kill(-(child.pid ?? 0), "SIGKILL"), job.limit * 1000);
  let memory = 0;
  let over = false;
  const watch = (async () => {
    while (!over) {
      memory = Math.max(memory, anonymous());
      await sleep(50);
    }
  })();
  // "exit", not "close": a connection that ssh keeps open holds the pipes longer than the program lives.
  const exit = await new Promise<number | null>((resolve, reject) => child.on("error", reject).on("exit", resolve));
  const seconds = (performance.now() - begun) / 1000;
  const after = counters();
  clearTimeout(late);
  over = true;
  await watch;
  await Promise.race([closed, sleep(1000)]);
  await Promise.all(relays.map((relay) => relay.stop()));
  child.stdout.destroy();
  child.stderr.destroy();
  return {
    exit,
    output: output.join(""),
    seconds,
    cpu: after.cpu - before.cpu,
    memory: memory - before.memory,
    sent: after.sent - before.sent,
    received: after.received - before.received,
    connections: relays.reduce((sum, relay) => sum + relay.passed.length, 0),
    turns: relays.reduce((sum, relay) => sum + relay.turns, 0),
  };
}

function counters(): { cpu: number; sent: number; received: number } {
  const cpu = unified
    ? Number(/^usage_usec (\d+)/m.exec(readFileSync("/sys/fs/cgroup/cpu.stat", "utf8"))?.[1]) / 1e6
    : Number(readFileSync("/sys/fs/cgroup/cpuacct/cpuacct.usage", "utf8")) / 1e9;
  const lines = readFileSync("/proc/net/dev", "utf8").split("\n");
  const cards = lines.filter((line) => /^\s*eth\d+:/.test(line)).map((line) => line.split(":")[1]?.trim().split(/\s+/).map(Number) ?? []);
  const sum = (column: number): number => cards.reduce((all, card) => all + (card[column] ?? 0), 0);
  return { cpu, sent: sum(8), received: sum(0) };
}

/** MB of the controller's memory that is no file's; pages that forked processes share count once. */
function anonymous(): number {
  const text = readFileSync(unified ? "/sys/fs/cgroup/memory.stat" : "/sys/fs/cgroup/memory/memory.stat", "utf8");
  return Number((unified ? /^anon (\d+)/m : /^total_rss (\d+)/m).exec(text)?.[1]) / 1024 / 1024;
}
