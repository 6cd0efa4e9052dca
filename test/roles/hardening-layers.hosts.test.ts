import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { $ } from "zx";
import { startHost, type TestHost } from "../hosts/host.ts";
import { hostImage } from "../hosts/image.ts";
import { broken, elsewhere, holding } from "./hardening-broken.ts";
import { Rempart, type Told } from "./rempart.ts";

/** Each release takes two minutes and more; hardening.hosts.test.ts has both. */
const releases = process.env.REMPART_TEST_SLOW ? (["trixie", "bookworm"] as const) : (["trixie"] as const);

describe.each(releases)("the layers of hardening on %s", (release) => {
  let host: TestHost;
  let rempart: Rempart;
  let accept: Rempart;
  const part = ["--tags", "hardening"];
  beforeAll(async () => {
    host = await startHost({ release, name: "nas" });
    rempart = new Rempart("playbooks/nas.yml", [host], {
      hardening: {
        trusted_networks: [host.address.replace(/\d+$/, "1")],
        waived: { ssh: "tried elsewhere", firewall: "tried elsewhere" },
      },
    });
    accept = new Rempart("playbooks/accept.yml", [host, { ...host, name: "proliant" }]);
    const first = await rempart.run(...part);
    expect(first.exitCode, first.trouble).toBe(0);
  });
  afterAll(() => host.stop());

  /** Each task that would change something, with the turns of its loop that would, without handlers. */
  const named = (told: Told) =>
    told.tasks
      .filter((t) => t.status === "changed" && !t.handler)
      .map((t) => [t.task, ...(t.items ?? []).filter((i) => i.status === "changed").map((i) => i.item)]);
  const sudo = (password: string) => host.exec(["runuser", "-u", "ada", "--", "sh", "-c", `echo '${password}' | sudo -S -k -p '' id -u`]);

  test("who guesses passwords locks the account, and a key still opens it", async () => {
    await host.out("useradd -m -G sudo ada; echo 'ada:Qui4-Lon.Gpw5_Wd,o' | chpasswd");
    expect((await sudo("Qui4-Lon.Gpw5_Wd,o")).stdout).toBe("0\n");
    for (let i = 0; i < 5; i++) await sudo("wrong");
    expect((await sudo("Qui4-Lon.Gpw5_Wd,o")).exitCode).not.toBe(0);
    expect(await host.out("faillock --user ada | grep -c sudo")).toBe("5");
    await host.out("faillock --user ada --reset");
    expect((await sudo("Qui4-Lon.Gpw5_Wd,o")).stdout).toBe("0\n");
  });

  test("a weak password is refused, and an old one too", async () => {
    const set = (password: string) => host.exec(`echo 'ada:${password}' | chpasswd`);
    expect((await set("short1.A")).exitCode).not.toBe(0);
    expect((await set("onlyletters-andlong")).exitCode).not.toBe(0);
    expect((await set("Ano7-The.Rpw8_Wd,k")).exitCode).toBe(0);
    expect((await set("Qui4-Lon.Gpw5_Wd,o")).exitCode).not.toBe(0);
    // yescrypt at its cost of 7.
    expect(await host.out("getent shadow ada | cut -d: -f2")).toMatch(/^\$y\$jB/);
  });

  test("new accounts age, and their homes are their own", async () => {
    expect(await host.out("getent shadow ada | cut -d: -f4-7; stat -c %a /home/ada")).toBe("1:365:7:45\n750");
  });

  test("nobody but a member uses su, and a shell that waits ends", async () => {
    const su = await host.exec(["runuser", "-u", "deploy", "--", "su", "-c", "id"]);
    expect(su.stderr).toContain("Permission denied");
    expect(await host.out(["bash", "-lic", "echo $TMOUT"])).toBe("900");
    expect(await host.out(["sh", "-c", "echo .$TMOUT"])).toBe(".");
  });

  test("nothing is run from shared memory, and masked services do not start", async () => {
    expect((await host.exec("cp /bin/true /dev/shm/ && /dev/shm/true")).exitCode).toBe(126);
    expect((await host.exec("systemctl start bluetooth")).stderr).toContain("masked");
    expect(await host.out("grep ' /dev/shm ' /etc/fstab")).toMatch(/noexec/);
  });

  test("PAM's own file, edited by hand, is named by a check, alone, and repaired by a run", async () => {
    await host.out("sed -i '/pam_faillock/d' /etc/pam.d/common-auth");
    const pam = [["Put the profiles into PAM", "/etc/pam.d/common-auth"]];
    expect(named(await rempart.run(...part, "--check"))).toEqual(pam);
    expect(named(await rempart.run("--tags", "pam"))).toEqual(pam);
    expect(await host.out("grep -c pam_faillock /etc/pam.d/common-auth")).toBe("2");
  });

  test("every control, broken by hand, is named by a check, each by its own task and nothing else, and repaired by a run", async () => {
    for (const [, command] of broken) await host.out(command);
    // The kernel is the machine's: modules as it could have them, one of them free and one of no interest.
    await host.out(
      "mount -t tmpfs modules /sys/module; cd /sys/module; mkdir dccp bluetooth loop; for m in *; do echo live > $m/initstate; echo 0 > $m/refcnt; done; echo 3 > bluetooth/refcnt",
    );
    const drift = await rempart.run(...part, "--check");
    await host.out("umount /sys/module");
    expect(drift.exitCode, drift.trouble).toBe(0);
    expect(named(drift)).toEqual(broken.map(([task, , ...items]) => [task, ...items]));
    const held = drift.tasks.filter((t) => holding.includes(t.module) && !t.handler && t.status !== "skipped").map((t) => t.task);
    expect(held.filter((task) => !broken.some(([name]) => name === task) && !(task in elsewhere))).toEqual([]);
    expect(drift.tasks.find((t) => t.task.startsWith("Say which blocked modules"))?.items?.map((i) => i.item)).toEqual([
      "bluetooth",
      "dccp",
    ]);
    const repair = await rempart.run(...part);
    expect(repair.exitCode, repair.trouble).toBe(0);
    expect(named(repair)).toEqual(named(drift));
    expect((await rempart.run(...part)).changes).toEqual([]);
  });

  test("a set-id program of no package, a second root and what breaks this stack fail the run by name", async () => {
    await host.out("cp /bin/bash /usr/local/bin/shell && chmod 4755 /usr/local/bin/shell");
    const setid = await rempart.run("--tags", "file_audit", "--check");
    expect(setid.exitCode).toBe(1);
    expect(setid.trouble).toContain("/usr/local/bin/shell");
    const allowed = rempart.with({ hardening: { files_allowed: { "/usr/local/bin/shell": "a trial" } } });
    expect((await allowed.run("--tags", "file_audit", "--check")).exitCode).toBe(0);
    await host.out("rm /usr/local/bin/shell; echo KillUserProcesses=yes >> /etc/systemd/logind.conf");
    const killed = await rempart.run("--tags", "stack", "--check");
    expect(killed.trouble).toContain("what a login leaves running is killed when it ends");
    await host.out("sed -i '/^KillUser/d' /etc/systemd/logind.conf; echo 'backdoor:x:0:0::/root:/bin/sh' >> /etc/passwd");
    expect((await rempart.run("--tags", "accounts", "--check")).trouble).toContain("root's number 0: backdoor");
    await host.out("sed -i '/^backdoor:/d' /etc/passwd");
  });

  test("AppArmor's parser takes every profile of the host, and refuses one that is none; whether the kernel holds them is unknown here", async () => {
    const parse = (files: string) => host.exec(`apparmor_parser -Q -K ${files}`);
    const all = await parse("$(find /etc/apparmor.d -maxdepth 1 -type f)");
    expect(all.exitCode, all.stderr).toBe(0);
    await host.out("echo 'profile nonsense /usr/bin/true { nonsense }' > /root/nonsense");
    expect((await parse("/root/nonsense")).exitCode).not.toBe(0);
  });

  // The kernel's audit is the machine's: a short container loads the rules and takes exactly these away again.
  test("the kernel takes every audit rule", async ({ skip }) => {
    const rules = (await host.out("cat /etc/audit/rules.d/50-rempart.rules")).split("\n").filter((line) => /^-[aw] /.test(line));
    const script = `
      for f in /var/cache/apt/archives/auditd_*.deb /var/cache/apt/archives/libauparse*.deb; do dpkg-deb -x "$f" /root/a || exit; done
      export PATH="$PATH:/root/a/usr/sbin:/root/a/sbin" LD_LIBRARY_PATH=$(find /root/a -type d -name '*-linux-gnu' | paste -sd :)
      status=$(auditctl -s 2>&1) || { echo "unknown: $(echo "$status" | head -n 1)"; exit; }
      [ "$(echo "$status" | sed -n 's/^enabled //p')" != 2 ] || { echo "unknown: the machine's rules are fixed (-e 2)"; exit; }
      auditctl -l >/root/before; cat >/root/rules
      auditctl -R /root/rules >/root/said 2>&1; echo "loaded $?"
      auditctl -l >/root/loaded; grep -vxFc -f /root/before /root/loaded
      sed 's/^-w/-W/; s/^-a/-d/' /root/rules >/root/away; auditctl -R /root/away >>/root/said 2>&1; echo "taken away $?"
      auditctl -l | cmp -s - /root/before && echo "as before"; cat /root/said`;
    const options = ["--rm", "-i", "--pid=host", "--network=host", "--cap-add", "AUDIT_CONTROL", "--entrypoint", "sh"];
    const asked = await $({
      quiet: true,
      nothrow: true,
      input: `${rules.join("\n")}\n`,
      timeout: "60s",
    })`docker run ${options} ${await hostImage(release)} -c ${script}`;
    if (asked.stdout.startsWith("unknown: ")) {
      console.warn(`audit rules NOT TRIED here, ${asked.stdout.trim()}`);
      skip(asked.stdout.trim());
    }
    expect(asked.stdout, asked.stderr).toMatch(new RegExp(`^loaded 0\\n${rules.length}\\ntaken away 0\\nas before\\n`));
  });

  test("the jails of nginx and Jellyfin are there when they are asked for, and a forged address bans nobody", async () => {
    await host.out(
      "install -d /srv/jellyfin/config/log /var/log/nginx; touch /var/log/nginx/error.log /srv/jellyfin/config/log/log_20261121.log",
    );
    const twice = rempart.with({ nginx: { jail: { enabled: true } }, hardening: { ban: { nginx: true } } });
    expect((await twice.run("--tags", "fail2ban", "--check")).trouble).toContain("both make the jail nginx-limit-req");
    const asked = rempart.with({ hardening: { ban: { nginx: true, jellyfin_logs: "/srv/jellyfin/config/log" } } });
    const done = await asked.run("--tags", "fail2ban");
    expect(done.exitCode, done.trouble).toBe(0);
    await expect
      .poll(() => host.out("fail2ban-client status | tail -n 1"), { timeout: 30_000 })
      .toMatch(/jellyfin, nginx-limit-req, recidive, sshd/);
    const line = (user: string, ip: string) =>
      `[2026-11-21 07:00:00.123 +00:00] [INF] [12] Jellyfin.Server.Implementations.Users.UserManager: Authentication request for ${user} has been denied (IP: ${ip}).`;
    await host.exec([
      "sh",
      "-c",
      `printf '%s\n' "$@" > /root/lines`,
      "sh",
      line('"bob"', '"203.0.113.9"'),
      line("bob", "203.0.113.9"),
      line('"x has been denied (IP: "198.51.100.1")."', '"203.0.113.9"'),
    ]);
    const seen = await host.out("fail2ban-regex --out ip /root/lines rempart-jellyfin");
    expect(seen.trim().split("\n")).toEqual(["203.0.113.9", "203.0.113.9", "203.0.113.9"]);
    expect((await asked.run("--tags", "fail2ban")).changes).toEqual([]);
  });

  test("AIDE accepts what a package brings, and names what nobody vouches for", async () => {
    // The journal may lag behind the unit.
    const look = () =>
      host.exec("systemctl start rempart-aide; journalctl --sync; journalctl -q -o cat -u rempart-aide --since -10min | tail -n 12");
    expect((await look()).stdout).toContain("the base is made");
    await host.out("apt-get install -q -y --no-install-recommends jq");
    expect((await look()).stdout).toMatch(/only packages changed: [1-9]/);
    await host.out("echo 'ALL ALL=(ALL) NOPASSWD: ALL' > /etc/sudoers.d/backdoor; chmod u+s /usr/bin/jq; echo >> /usr/bin/md5sum");
    const found = await look();
    for (const path of ["/etc/sudoers.d/backdoor", "/usr/bin/jq", "/usr/bin/md5sum"]) expect(found.stdout).toContain(path);
    expect(await host.out("systemctl is-failed rempart-aide; true")).toBe("failed");
    const accepted = await accept.run("--limit", "nas");
    expect(accepted.exitCode, accepted.trouble).toBe(0);
    expect((await look()).stdout).toMatch(/nothing changed\n[\s\S]*Finished rempart-aide/);
  });
});
