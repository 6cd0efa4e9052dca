import { appendFile, readFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { $ } from "zx";
import { startHost, type TestHost } from "../hosts/host.ts";
import { brokenDoors } from "./hardening-broken.ts";
import { fingerprint, Rempart, type Told } from "./rempart.ts";
import { expectTruth } from "./truth.ts";

const part = ["--tags", "sshd,sudo,ufw"];
const reach = (address: string, port: number) => ["bash", "-c", `timeout 3 bash -c ': < /dev/tcp/${address}/${port}'`];
/** Something else that listens, as a careless person would start it. */
const listen = (port: number) =>
  `systemd-run -q --unit listen-${port} /usr/sbin/sshd -D -f /dev/null -h /etc/ssh/ssh_host_ed25519_key -p ${port}`;

describe.each(["trixie", "bookworm"] as const)("SSH, sudo and firewall on %s", (release) => {
  let host: TestHost;
  let stranger: TestHost;
  let rempart: Rempart;
  let check: Told;
  beforeAll(async () => {
    // On one of them sudo asks for the password.
    [host, stranger] = await Promise.all([
      startHost({ release, name: "proliant", sudo: release === "trixie" ? "password" : "nopasswd" }),
      startHost({ release, name: "stranger" }),
    ]);
    rempart = new Rempart("playbooks/proliant.yml", [host], {
      ...(release === "trixie" && { ansible_become_password: host.password }),
      hardening: { trusted_networks: [host.address.replace(/\d+$/, "1"), "192.0.2.0/24"] },
      nginx: { apps: [{ name: "media", host: "media.example.org", upstream: "127.0.0.1:8096" }], tls: { self_signed: true } },
    });
  });
  afterAll(async () => {
    await Promise.all([host?.stop(), stranger?.stop()]);
  });

  /** A login from the machine that runs the tests, with what a person's own client would do left out. */
  const login = async (...options: string[]) => {
    const given = ["-i", host.keyFile, "-o", `UserKnownHostsFile=${host.knownHosts}`, "-o", "IdentitiesOnly=yes", "-o", "ConnectTimeout=5"];
    const all = [...given, ...options.flatMap((o) => ["-o", o]), `${host.user}@${host.address}`, "echo in"];
    const done = await $({ quiet: true, nothrow: true, timeout: "20s" })`ssh -F none ${all} < /dev/null`;
    // Behind a refusal what ssh says of it; a login that works shows a banner beside what it was asked.
    return done.exitCode === 0 ? done.stdout : done.stderr;
  };

  const passwords = () => login("PubkeyAuthentication=no", "PreferredAuthentications=password,keyboard-interactive");

  let bare = "";
  test("a check of the bare host passes and changes nothing", async () => {
    bare = await fingerprint(host);
    check = await rempart.run(...part, "--check");
    expect(check.exitCode, check.trouble).toBe(0);
    expect(check.changes).toContain("hardening : Set the SSH server up");
  });

  test.each([
    ["an address that is not trusted", { trusted_networks: ["192.0.2.0/24"] }, "is in none of hardening.trusted_networks"],
    ["a port that would be closed", { ssh_ports: [2222] }, "came in by port 22, which is not in hardening.ssh_ports (2222)"],
    ["a user in none of the groups", { ssh: { allow_groups: ["sudo"] } }, "deploy, as whom this run logs in, is in none"],
  ])("a run from %s is refused", async (_what, hardening, words) => {
    const refused = await rempart.with({ hardening }).run(...part);
    expect(refused.exitCode).toBe(1);
    expect(refused.trouble).toContain(words);
  });

  test("neither the check nor what was refused has changed anything", async () => {
    expect(await fingerprint(host)).toBe(bare);
  });

  test("a user who logs in by password would be shut out, and is refused", async () => {
    const byPassword = rempart.with({ ansible_password: host.password });
    await host.out("mv /home/deploy/.ssh /home/deploy/.ssh.away");
    const refused = await byPassword.run(...part);
    expect(refused.trouble).toContain("deploy has no key on this host");
    await host.out("mv /home/deploy/.ssh.away /home/deploy/.ssh");
  });

  test("the first run does what the check said and converges, the second changes nothing and costs a handful of round trips", async () => {
    expectTruth(`SSH, sudo and firewall on ${release}`, check, await rempart.run(...part));
    const second = await rempart.run(...part);
    expect(second.exitCode, second.trouble).toBe(0);
    expect(second.changes).toEqual([]);
    expect(second.recap().roundTrips).toBeLessThanOrEqual(4);
  });

  test("a key opens the door, a password and root do not", async () => {
    expect(await login()).toBe("in\n");
    expect(await passwords()).toContain("Permission denied (publickey)");
    await host.out("install -d -m 700 /root/.ssh && cp /home/deploy/.ssh/authorized_keys /root/.ssh/");
    const root = await $({
      quiet: true,
      nothrow: true,
      timeout: "20s",
    })`ssh -F none -i ${host.keyFile} -o UserKnownHostsFile=${host.knownHosts} -o BatchMode=yes root@${host.address} id`;
    expect(root.stderr).toContain("Permission denied");
    await host.out("rm -r /root/.ssh");
  });

  test("weak algorithms find no partner, and the strongest is taken", async () => {
    expect(await login("KexAlgorithms=ecdh-sha2-nistp256")).toContain("no matching key exchange method");
    expect(await login("Ciphers=aes256-ctr", "MACs=hmac-sha1")).toContain("no matching MAC");
    expect(await login("Ciphers=aes192-ctr")).toContain("no matching cipher");
    expect(await login("KexAlgorithms=sntrup761x25519-sha512@openssh.com", "Ciphers=aes256-gcm@openssh.com")).toBe("in\n");
    expect(await host.out("sshd -T | grep -c '^kexalgorithms .*mlkem768x25519-sha256'; true")).toBe(release === "trixie" ? "1" : "0");
  });

  test("a session forwards nothing", async () => {
    const given = ["-i", host.keyFile, "-o", `UserKnownHostsFile=${host.knownHosts}`, "-W", "127.0.0.1:22"];
    const done = await $({ quiet: true, nothrow: true, timeout: "20s" })`ssh -F none ${given} ${host.user}@${host.address} < /dev/null`;
    expect(done.stderr).toContain("administratively prohibited");
  });

  test("only trusted networks reach SSH, and nobody what is not named", async () => {
    await host.out(listen(2299));
    const shut = async () => {
      for (const port of [22, 2299]) expect((await stranger.exec(reach(host.address, port))).exitCode, `port ${port}`).not.toBe(0);
      const outer = await $({ quiet: true, nothrow: true })`${reach(host.address, 2299)}`;
      expect(outer.exitCode).not.toBe(0);
    };
    await shut();
    await host.reboot();
    await host.out(listen(2299));
    await shut();
    expect(await login()).toBe("in\n");
  });

  test("what the host offers is let in from where it is offered, and shut again when it is taken back", async () => {
    const open = rempart.with({ hardening: { firewall: { allow: [{ port: "2299", from: stranger.address, reason: "a trial" }] } } });
    const done = await open.run(...part);
    expect(done.changes).toEqual(["hardening : Let in SSH and what this host offers"]);
    expect((await stranger.exec(reach(host.address, 2299))).exitCode).toBe(0);
    const outer = await $({ quiet: true, nothrow: true })`${reach(host.address, 2299)}`;
    expect(outer.exitCode).not.toBe(0);
    expect((await rempart.run(...part)).changes).toEqual(["hardening : Let in SSH and what this host offers"]);
    expect((await stranger.exec(reach(host.address, 2299))).exitCode).not.toBe(0);
  });

  test("sudo writes down what was done, and asks for no terminal", async () => {
    expect(await host.out("sudo -V")).toContain("Path to log file: /var/log/sudo.log");
    await host.out(["runuser", "-u", "deploy", "--", "sh", "-c", `echo '${host.password}' | sudo -S -p '' id -u`]);
    expect(await host.out("tail -n 2 /var/log/sudo.log")).toMatch(/COMMAND=\/usr\/bin\/id/);
    expect(await host.out("stat -c '%a %U' /var/log/sudo.log")).toBe("600 root");
  });

  const ssh = ["hardening : Set the SSH server up", "hardening : Reload SSH"];
  for (const [what, named, ...commands] of brokenDoors)
    test(`${what}, broken by hand, are named by a check, each by its own task and nothing else, and repaired by a run`, async () => {
      for (const command of commands) await host.out(["bash", "-c", command]);
      const changes = named.map((task) => `hardening : ${task}`);
      const drift = await rempart.run(...part, "--check");
      expect(drift.exitCode, drift.trouble).toBe(0);
      expect(drift.changes).toEqual(changes);
      const repair = await rempart.run(...part);
      expect(repair.exitCode, repair.trouble).toBe(0);
      expect(repair.changes).toEqual(changes);
    });

  test("a server that runs with older settings than its files say, and a firewall that is off, are named and repaired", async () => {
    await host.out(`cd /etc/ssh/sshd_config.d && cp -p 00-rempart.conf /root/ && touch /root/mark &&
      sed -i 's/^PasswordAuthentication no/PasswordAuthentication yes/; /^AuthenticationMethods/d' 00-rempart.conf && systemctl reload ssh &&
      timeout 20 sh -c 'until [ /run/sshd.pid -nt /root/mark ]; do sleep 0.1; done' && cp -p /root/00-rempart.conf . && ufw disable`);
    // It asks for one again.
    expect(await passwords()).toContain("Permission denied, please try again");
    const changes = [
      "hardening : Turn the firewall on, now and after each boot",
      "hardening : Let the SSH server take up what its files say",
    ];
    expect((await rempart.run(...part, "--check")).changes).toEqual(changes);
    expect((await rempart.run(...part)).changes).toEqual(changes);
    expect(await passwords()).toContain("Permission denied (publickey)");
    expect((await rempart.run(...part)).changes).toEqual([]);
  });

  test("a file that wins over the server's settings fails the check, which names what it says", async () => {
    await host.out("echo 'PermitRootLogin yes' > /etc/ssh/sshd_config.d/00-a.conf");
    const overridden = await rempart.run(...part, "--check");
    expect(overridden.exitCode).toBe(1);
    expect(overridden.changes).toEqual([]);
    expect(overridden.trouble).toMatch(/wins over .*: PermitRootLogin\s+yes/);
    await host.out("rm /etc/ssh/sshd_config.d/00-a.conf");
  });

  test("somebody who may become root and is not named fails the check", async () => {
    const named = rempart.with({ hardening: { sudo: { members: ["ada"] } } });
    await host.out("useradd ada; useradd eve; usermod -aG sudo ada; usermod -aG sudo eve");
    const stray = await named.run(...part, "--check");
    expect(stray.exitCode).toBe(1);
    expect(stray.trouble).toContain("in the group sudo are ada, eve");
    await host.out("gpasswd -d eve sudo");
    expect((await named.run(...part, "--check")).exitCode).toBe(0);
  });

  test("groups limit who may log in", async () => {
    await host.out("groupadd admins; usermod -aG admins deploy; install -d -m 700 -o ada -g ada /home/ada /home/ada/.ssh");
    await host.out("install -m 600 -o ada -g ada /home/deploy/.ssh/authorized_keys /home/ada/.ssh/");
    const ada = () =>
      $({
        quiet: true,
        nothrow: true,
        timeout: "20s",
      })`ssh -F none -i ${host.keyFile} -o UserKnownHostsFile=${host.knownHosts} -o BatchMode=yes ada@${host.address} true`;
    expect((await ada()).exitCode).toBe(0);
    const limited = await rempart.with({ hardening: { ssh: { allow_groups: ["admins"] } } }).run(...part);
    expect(limited.changes, limited.trouble).toEqual(ssh);
    expect((await ada()).stderr).toContain("Permission denied");
    expect(await login()).toBe("in\n");
  });

  test("a part that is waived is left alone", async () => {
    await host.out("ufw disable; sed -i '/^MaxSessions/d' /etc/ssh/sshd_config.d/00-rempart.conf");
    const waived = rempart.with({ hardening: { waived: { firewall: "another one stands before it", ssh: "its maker's" } } });
    const done = await waived.run(...part);
    expect(done.exitCode, done.trouble).toBe(0);
    expect(done.changes).toEqual([]);
    expect((await rempart.run(...part)).changes).toEqual([
      "hardening : Turn the firewall on, now and after each boot",
      "hardening : Set the SSH server up",
      "hardening : Reload SSH",
    ]);
  });

  test("SSH moves to another port in two runs", async () => {
    const both = await rempart.with({ hardening: { ssh_ports: [22, 2222] } }).run(...part);
    expect(both.exitCode, both.trouble).toBe(0);
    const moved = rempart.with({ hardening: { ssh_ports: [2222] } });
    const there = [...part, "-e", "ansible_port=2222"];
    // The key is known for the old port only, as it is for a person.
    const known = await readFile(host.knownHosts, "utf8");
    await appendFile(host.knownHosts, known.replaceAll(/^\S+/gm, `[${host.address}]:2222`));
    const alone = await moved.run(...there);
    expect(alone.exitCode, alone.trouble).toBe(0);
    expect((await moved.run(...there)).changes).toEqual([]);
    expect((await $({ quiet: true, nothrow: true })`${reach(host.address, 22)}`).exitCode).not.toBe(0);
    expect(await login("Port=2222")).toBe("in\n");
  });
});
