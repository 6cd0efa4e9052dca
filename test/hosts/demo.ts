import { mkdirSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { heading, type Ran, rempart, root, say, summary, total } from "./demo-screen.ts";
import { ensureEngine } from "./engine.ts";
import { startHost, type TestHost } from "./host.ts";
import { hostImage } from "./image.ts";
import { withLock } from "./lock.ts";
import { currentRun, endRun, endRunOnSignal } from "./run.ts";
import { ensureStandIn, standIn } from "./stand-in.ts";

/** The drift: what somebody did by hand on proliant, and a line that the check must show. */
const drift = {
  told: "On proliant somebody allows Bluetooth again: sed -i /bluetooth/d /etc/modprobe.d/rempart-hardening.conf",
  command: "grep -q bluetooth /etc/modprobe.d/rempart-hardening.conf && sed -i /bluetooth/d /etc/modprobe.d/rempart-hardening.conf",
  seen: /^\s*\+install bluetooth/m,
};

const keep = process.argv.includes("--keep");
// A fixed run, which no test run sweeps away: kept hosts stay until the next demo or --remove.
process.env.REMPART_TEST_RUN ??= "demo";
process.env.REMPART_TEST_OWNER = "demo";

const task = process.argv.includes("--remove") ? () => endRun() : demo;
await withLock(`demo-${process.env.REMPART_TEST_RUN}`, 1, task).catch((error: unknown) => {
  process.stderr.write(`\n${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
});

async function demo(): Promise<void> {
  endRunOnSignal();
  try {
    const hosts = await bringUp();
    const inventory = writeInventory(hosts);
    const runs = await play(hosts[0], ["-i", "inventory/demo.yml", "-i", inventory]);
    heading("The four runs");
    process.stdout.write(`${summary(runs)}\n`);
    next(hosts, inventory);
  } finally {
    if (keep) say("\nThe hosts stay up (--keep). Remove them: npm run demo -- --remove");
    else {
      await endRun();
      say("\nThe hosts are removed. Keep them with: npm run demo -- --keep");
    }
  }
}

async function bringUp(): Promise<[TestHost, TestHost]> {
  heading("Two bare Debian 13 machines, proliant and nas, in containers");
  await ensureEngine(say);
  await endRun();
  await hostImage("trixie", say);
  await ensureStandIn(say);
  const proliant = await startHost({ release: "trixie", name: "proliant" });
  const nas = await startHost({ release: "trixie", name: "nas" });
  for (const host of [proliant, nas]) say(`${host.name} is up at ${host.address}: systemd, sshd, no Python, no Docker`);
  return [proliant, nas];
}

/** Where the hosts and the stand-in's image are today; all else is in inventory/demo.yml. */
function writeInventory(hosts: readonly TestHost[]): string {
  const folder = join(root, ".cache", currentRun().id);
  mkdirSync(folder, { recursive: true });
  const file = join(folder, "hosts.yml");
  const all = {
    all: { hosts: Object.fromEntries(hosts.map((host) => [host.name, host.variables()])), vars: { standin: { archive: standIn.archive } } },
  };
  writeFileSync(file, `${JSON.stringify(all, null, 2)}\n`);
  return relative(root, file);
}

async function play(proliant: TestHost, inventory: readonly string[]): Promise<Ran[]> {
  const site = ["run", "playbooks/site.yml", ...inventory];
  const first = await rempart("First run: from bare to declared", site);
  demand(first, first.exitCode === 0, "the first run failed");
  const second = await rempart("Second run: nothing left to do", site);
  demand(second, second.exitCode === 0 && total(second, "changed") === 0, "the second run changed something");

  heading("A drift");
  process.stdout.write(`${drift.told}\n`);
  await proliant.out(drift.command);

  const check = await rempart("What would change?", [...site, "--check", "--diff"]);
  const exactly = check.exitCode === 0 && total(check, "would change") === 1 && drift.seen.test(check.output);
  demand(check, exactly, "the check did not show exactly the drift");
  const repair = await rempart("Repair", site);
  demand(repair, repair.exitCode === 0 && total(repair, "changed") === 1, "the repair did not change exactly the drift");
  return [first, second, check, repair];
}

function demand(ran: Ran, holds: boolean, complaint: string): void {
  if (!holds) throw new Error(`${complaint} (exit code ${ran.exitCode})`);
}

function next(hosts: readonly TestHost[], inventory: string): void {
  const given = `-i inventory/demo.yml -i ${inventory}`;
  const [proliant] = hosts;
  heading(keep ? "What to try next" : "What to try next (after npm run demo -- --keep)");
  process.stdout.write(
    [
      `npx rempart list hosts ${given}`,
      `npx rempart run playbooks/site.yml ${given} --list-tasks`,
      `npx rempart run playbooks/site.yml ${given} --limit nas --check --diff -v`,
      `npx rempart doctor ${given}`,
      "npx rempart doc systemd",
      ...(keep && proliant !== undefined
        ? [
            `curl -k --resolve media.example.org:443:${proliant.address} https://media.example.org/`,
            `ssh -i ${proliant.keyFile} -o UserKnownHostsFile=${proliant.knownHosts} ${proliant.user}@${proliant.address}`,
          ]
        : []),
      "Your own machines: copy inventory/home.yml, then npx rempart doctor -i FILE",
      "",
    ].join("\n"),
  );
}
