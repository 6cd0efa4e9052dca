import { join, relative } from "node:path";
import { heading, type Ran, rempart, root, say, summary, total } from "./demo-screen.ts";
import { visits } from "./demo-visits.ts";
import { ensureEngine } from "./engine.ts";
import { hostImage } from "./image.ts";
import { withLock } from "./lock.ts";
import { currentRun, endRun, endRunOnSignal } from "./run.ts";
import { type Site, startSite } from "./site.ts";
import { ensureStandIn } from "./stand-in.ts";

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
    const site = await bringUp();
    const runs = await play(site);
    heading("The runs");
    process.stdout.write(`${summary(runs)}\n`);
    next(site);
  } finally {
    if (keep) say("\nThe hosts stay up (--keep). Remove them: npm run demo -- --remove");
    else {
      await endRun();
      say("\nThe hosts are removed. Keep them with: npm run demo -- --keep");
    }
  }
}

async function bringUp(): Promise<Site> {
  heading("A bare home in containers");
  await ensureEngine(say);
  await endRun();
  await hostImage("trixie", say);
  await ensureStandIn(say);
  const inventory = relative(root, join(root, ".cache", currentRun().id, "hosts.yml"));
  const site = await startSite({ inventory, say });
  Object.assign(process.env, site.environment);
  say(`proliant ${site.proliant.address}, nas ${site.nas.address}: Debian 13 with systemd and sshd, no Python, no Docker`);
  say(`box ${site.box.address}: a router between their LAN and a WAN, where it has ${site.wanAddress}`);
  say(`edge ${site.edge.address}: stands in for Cloudflare's API and edge, and for the mailboxes of its visitors`);
  say(`visitor ${site.visitor.address}, stranger ${site.stranger.address}: people in the WAN, from France and from elsewhere`);
  return site;
}

async function play(site: Site): Promise<Ran[]> {
  const run = ["run", "playbooks/site.yml", ...given(site)];
  const first = await rempart("First run: from bare to declared", run);
  demand(first, first.exitCode === 0, "the first run failed");
  const written = (await site.edge.writes()).length;
  const second = await rempart("Second run: nothing left to do", run);
  demand(second, second.exitCode === 0 && total(second, "changed") === 0, "the second run changed something");
  const again = (await site.edge.writes()).length - written;
  process.stdout.write(`Writes to the API: ${written} in the first run, ${again} in the second.\n`);
  demand(second, again === 0, "the second run wrote to the API");

  await visits(site);

  heading("A drift");
  process.stdout.write(`${drift.told}\n`);
  await site.proliant.out(drift.command);

  const check = await rempart("What would change?", [...run, "--check", "--diff"]);
  const exactly = check.exitCode === 0 && total(check, "would change") === 1 && drift.seen.test(check.output);
  demand(check, exactly, "the check did not show exactly the drift");
  const repair = await rempart("Repair", run);
  demand(repair, repair.exitCode === 0 && total(repair, "changed") === 1, "the repair did not change exactly the drift");

  const verified = await rempart("Do the defences hold?", ["run", "playbooks/verify.yml", ...given(site)]);
  demand(verified, verified.exitCode === 0 && verified.output.includes("not tried"), "a defence does not hold");
  return [first, second, check, repair, verified];
}

function given({ inventories }: Site): string[] {
  return inventories.flatMap((file) => ["-i", file]);
}

function demand(ran: Ran, holds: boolean, complaint: string): void {
  if (!holds) throw new Error(`${complaint} (exit code ${ran.exitCode})`);
}

function next(site: Site): void {
  const words = given(site).join(" ");
  const { proliant, edge } = site;
  heading(keep ? "What to try next" : "What to try next (after npm run demo -- --keep)");
  process.stdout.write(
    [
      `export NODE_EXTRA_CA_CERTS=${edge.caFile}`,
      `npx rempart list hosts ${words}`,
      `npx rempart run playbooks/site.yml ${words} --list-tasks`,
      `npx rempart run playbooks/site.yml ${words} --limit nas --check --diff -v`,
      `npx rempart run playbooks/verify.yml ${words} --tags hidden`,
      `npx rempart doctor ${words}`,
      "npx rempart doc systemd",
      ...(keep
        ? [
            `curl ${edge.mailbox}`,
            `ssh -i ${proliant.keyFile} -o UserKnownHostsFile=${proliant.knownHosts} ${proliant.user}@${proliant.address}`,
          ]
        : []),
      "Your own machines: copy inventory/home.yml, then npx rempart doctor -i FILE",
      "",
    ].join("\n"),
  );
}
