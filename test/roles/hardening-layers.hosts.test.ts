import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { $ } from "zx";
import { startHost, type TestHost } from "../hosts/host.ts";
import { hostImage } from "../hosts/image.ts";
import { Rempart } from "./rempart.ts";

/** Each control, and how somebody breaks it. */
const broken: readonly (readonly [task: string, command: string])[] = [
  ["Lock accounts without a password", "useradd -m nopass; usermod -p '' nopass; chmod 750 /home/nopass"],
  ["Let accounts of programs log in nowhere", "useradd -r -s /bin/bash program"],
  ["Trust no host by its name", "touch /etc/hosts.equiv"],
  ["Block kernel modules that nothing here needs", "sed -i '/dccp/d' /etc/modprobe.d/rempart-hardening.conf"],
  ["Keep the journal over boots, compressed and bounded", "sed -i '/^SystemMaxUse/d' /etc/systemd/journald.conf.d/rempart.conf"],
  ["Take nothing that is not signed", "rm /etc/apt/apt.conf.d/52rempart-trust"],
  ["Compare the files of packages with their sums every week", "sed -i '/^CRON_CHECK/d' /etc/default/debsums"],
  ["Let needrestart tell, and restart nothing", "sed -i \"s/'l'/'a'/\" /etc/needrestart/conf.d/rempart.conf"],
  ["Set age, hash and umask of new accounts", "sed -i 's/^UMASK.*/UMASK 022/' /etc/login.defs"],
  ["Shut new accounts whose password is long out of date", "sed -i '/^INACTIVE/d' /etc/default/useradd"],
  ["Say what a good password is", "sed -i 's/^minlen.*/minlen = 6/' /etc/security/pwquality.conf.d/rempart.conf"],
  ["Say when an account is locked", "sed -i '/^deny/d' /etc/security/faillock.conf"],
  ["Write profiles for pam-auth-update", "sed -i 's/remember=24/remember=1/' /usr/share/pam-configs/rempart-pwhistory"],
  ["Let only that group use su", "sed -i '/pam_wheel/d' /etc/pam.d/su"],
  ["Limit core dumps and logins", "rm /etc/security/limits.d/rempart.conf"],
  ["Keep no core dumps", "sed -i '/^Storage/d' /etc/systemd/coredump.conf.d/rempart.conf"],
  ["End a person's shell that waits", "sed -i 's/TMOUT=900/TMOUT=0/' /etc/profile.d/rempart.sh"],
  ["Warn who logs in", "echo welcome > /etc/issue.net"],
  ["Run nothing from shared memory", "mount -o remount,exec /dev/shm"],
  ["Mask what a server has no use for", "systemctl unmask -q debug-shell.service"],
  [
    "Keep logs of audit within bounds, and never stop the host for them",
    "sed -i 's/^disk_full_action.*/disk_full_action = ignore/' /etc/audit/auditd.conf",
  ],
  ["Write down who changes what of the system", "sed -i '/ identity$/d' /etc/audit/rules.d/50-rempart.rules"],
  ["Fix the rules until the next boot, or leave them open", "rm /etc/audit/rules.d/99-rempart-finalize.rules"],
  ["Leave the records of audit to auditd", "systemctl unmask -q systemd-journald-audit.socket"],
  ["Set up the jails for SSH and for those who come back", "sed -i '/^mode/d' /etc/fail2ban/jail.d/rempart.local"],
  ["Look for upgrades every day", "rm /etc/apt/apt.conf.d/20auto-upgrades"],
  [
    "Install security upgrades only, never restart, leave driver and engine alone",
    "sed -i '/nvidia/d' /etc/apt/apt.conf.d/52rempart-unattended-upgrades",
  ],
  ["Keep what decides over the system to root", "chmod 644 /etc/shadow"],
  ["Keep the folders of jobs to root", "chmod 755 /etc/cron.daily"],
  ["Let root alone plan jobs", "echo ada >> /etc/cron.allow"],
  ["Keep homes from others", "chmod 755 /home/deploy"],
  ["Say what AIDE watches", "sed -i '/^.etc Watched/d' /etc/aide/aide.conf"],
  ["Write the check, which accepts what a package vouches for", "chmod 755 /usr/local/sbin/rempart-aide"],
  ["Look every night", "sed -i '/^PrivateNetwork/d' /etc/systemd/system/rempart-aide.service"],
];

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
    const second = await rempart.run(...part);
    expect(second.changes, second.trouble).toEqual([]);
  });
  afterAll(() => host.stop());

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
    expect(await host.out("getent shadow ada | cut -d: -f2")).toMatch(/^\$y\$/);
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
    const named = ["hardening : Put the profiles into PAM"];
    expect((await rempart.run(...part, "--check")).changes).toEqual(named);
    expect((await rempart.run(...part)).changes).toEqual(named);
    expect(await host.out("grep -c pam_faillock /etc/pam.d/common-auth")).toBe("2");
  });

  test("every control, broken by hand, is named by a check, and repaired by a run", async () => {
    for (const [, command] of broken) await host.out(command);
    const drift = await rempart.run(...part, "--check");
    const role = (changes: readonly string[]) =>
      changes.map((c) => c.replace("hardening : ", "")).filter((c) => !/^(Restart|Reload|Load) /.test(c));
    expect(role(drift.changes), drift.trouble).toEqual(broken.map(([task]) => task));
    const repair = await rempart.run(...part);
    expect(repair.exitCode, repair.trouble).toBe(0);
    expect(repair.changes).toEqual(drift.changes);
    expect((await rempart.run(...part)).changes).toEqual([]);
  });

  test("a set-id program of no package, a second root and what breaks this stack fail the run by name", async () => {
    await host.out("cp /bin/bash /usr/local/bin/shell && chmod 4755 /usr/local/bin/shell");
    const setid = await rempart.run(...part, "--check");
    expect(setid.exitCode).toBe(1);
    expect(setid.trouble).toContain("/usr/local/bin/shell");
    const allowed = rempart.with({ hardening: { files_allowed: { "/usr/local/bin/shell": "a trial" } } });
    expect((await allowed.run(...part, "--check")).exitCode).toBe(0);
    await host.out("rm /usr/local/bin/shell; echo KillUserProcesses=yes >> /etc/systemd/logind.conf");
    const killed = await rempart.run(...part, "--check");
    expect(killed.trouble).toContain("what a login leaves running is killed when it ends");
    await host.out("sed -i '/^KillUser/d' /etc/systemd/logind.conf; echo 'backdoor:x:0:0::/root:/bin/sh' >> /etc/passwd");
    expect((await rempart.run(...part, "--check")).trouble).toContain("root's number 0: backdoor");
    await host.out("sed -i '/^backdoor:/d' /etc/passwd");
  });

  // The kernel's audit is the machine's: a short container may ask it, with the rules off (-e 0) and taken back at once.
  test("the kernel takes every audit rule", async () => {
    const rules = await host.out("cat /etc/audit/rules.d/50-rempart.rules");
    const load = `
      dpkg -i --force-depends /var/cache/apt/archives/auditd_*.deb /var/cache/apt/archives/libauparse0*.deb /var/cache/apt/archives/libaudit*.deb >/dev/null 2>&1
      [ "$(auditctl -s | sed -n 's/^enabled //p')" = 0 ] && [ "$(auditctl -l)" = 'No rules' ] || { echo in use; exit; }
      cat > /root/rules; auditctl -R /root/rules >/root/said 2>&1; echo "code $?"; auditctl -l | wc -l; auditctl -D >/dev/null; auditctl -b 64 >/dev/null; cat /root/said`;
    const options = ["--rm", "-i", "--pid=host", "--network=host", "--cap-add", "AUDIT_CONTROL", "--entrypoint", "sh"];
    const asked = await $({
      quiet: true,
      nothrow: true,
      input: rules,
      timeout: "60s",
    })`docker run ${options} ${await hostImage(release)} -c ${load}`;
    if (asked.stdout.startsWith("in use")) return console.warn("not tried here: this machine's audit is in use, or is not to be had");
    const wanted = rules.split("\n").filter((line) => /^-[aw] /.test(line)).length;
    expect(asked.stdout, asked.stderr).toMatch(new RegExp(`^code 0\\n${wanted}\\n`));
  });

  test("the jails of nginx and Jellyfin are there when they are asked for, and a forged address bans nobody", async () => {
    await host.out(
      "install -d /srv/jellyfin/config/log /var/log/nginx; touch /var/log/nginx/error.log /srv/jellyfin/config/log/log_20261121.log",
    );
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
    const look = () => host.exec("systemctl start rempart-aide; journalctl -q -o cat -u rempart-aide --since -10min | tail -n 12");
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
