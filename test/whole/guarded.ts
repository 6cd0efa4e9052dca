import { setTimeout as sleep } from "node:timers/promises";
import { expect } from "vitest";
import { type HostOptions, startHost, type TestHost } from "../hosts/host.ts";
import type { Ended } from "./bench.ts";

/** Settings of sshd that the guarded block writes. */
export const drop = "/etc/ssh/sshd_config.d/10-guard.conf";

export const sshd = (content: string): object => ({
  name: "Settings of sshd",
  copy: { dest: drop, content, owner: "root", group: "root", mode: "0600" },
  notify: "Reload SSH",
});

/** A play with one guarded block, and a task behind it that must not be reached when the block fails. */
export function guarded(block: readonly object[], guard: object = {}): object {
  return [
    {
      name: "Guarded",
      hosts: "all",
      gather_facts: false,
      become: true,
      tasks: [
        { name: "The block", guard: { within: "60s", ...guard }, block },
        { name: "Behind", copy: { dest: "/srv/behind", content: "behind\n" } },
      ],
      handlers: [{ name: "Reload SSH", systemd: { name: "ssh", state: "reloaded" } }],
    },
  ];
}

/** A block that is under way long enough to be cut off. */
export const slow = { name: "Take a while", shell: { cmd: "sleep 77", reads: true } };

/** The shortest bound of a guarded block: where its clock is to run out. */
export const soon = { within: "30s" };

/** A host with a firewall and an sshd that counts failures. */
export async function startGuarded(options: HostOptions): Promise<TestHost> {
  const host = await startHost(options);
  await host.out(
    "DEBIAN_FRONTEND=noninteractive apt-get install -q -y ufw >/dev/null && ufw allow 22/tcp && ufw --force enable && mkdir -p /var/lib/rempart/guard",
  );
  if (options.release === "bookworm") return host;
  // Like Debian 13 by itself, but one failure is enough to be shut out for a while.
  const penalties = "PerSourcePenalties authfail:12s noauth:12s grace-exceeded:12s refuseconnection:12s min:10s max:40s";
  await host.out(`echo '${penalties}' >/etc/ssh/sshd_config.d/50-penalties.conf && sshd -t && systemctl reload ssh`);
  return host;
}

/** All that a guarded block may leave behind: files with their attributes, what sshd and the firewall make of them, units. */
export function state(of: TestHost): Promise<string> {
  return of.out(`{
    find /etc /var/lib/rempart -xdev ! -name resolv.conf -printf '%p %m %u %g %l\\n' | sort
    find /etc -xdev -type f ! -name resolv.conf -print0 | sort -z | xargs -0 sha256sum
    sshd -T; ufw status verbose; iptables -S | grep -c ufw-user
    systemctl list-unit-files --plain --no-legend; systemctl list-timers --all --no-legend | grep -c rempart
    pgrep -af '[r]empart-guard|[u]ndo.sh'
    ls -A /srv
  } 2>/dev/null; true`);
}

export function failedWith(done: Ended, why: RegExp, of = "guarded"): void {
  const failed = done.tasks(of).filter((t) => t.status === "failed");
  expect(
    failed.map((t) => t.task),
    done.text,
  ).toEqual(["Prove that the host can still be reached"]);
  expect(failed[0]?.message).toMatch(why);
  expect(failed[0]?.message).toMatch(/everything in the guarded block was put back$/);
  expect(done.exit).toBe(1);
}

/** Waits, not for ever. */
export async function until(what: string, holds: () => Promise<boolean>, seconds: number): Promise<void> {
  for (const end = Date.now() + seconds * 1000; !(await holds().catch(() => false)); await sleep(200))
    if (Date.now() > end) throw new Error(`it did not come to this within ${seconds} s: ${what}`);
}
