import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startHost, type TestHost } from "../hosts/host.ts";
import { currentRun } from "../hosts/run.ts";
import { fingerprint, Rempart, type Told } from "./rempart.ts";
import { expectTruth } from "./truth.ts";

const password = "correct horse battery staple";
const state = "/var/lib/rempart-backup";

describe("backups of a Debian 13 on a Debian 12", () => {
  let proliant: TestHost;
  let nas: TestHost;
  let client: Rempart;
  let server: Rempart;
  let drill: Rempart;
  beforeAll(async () => {
    [proliant, nas] = await Promise.all([
      startHost({ release: "trixie", name: "proliant" }),
      startHost({ release: "bookworm", name: "nas" }),
    ]);
    const hosts = [proliant, nas];
    server = new Rempart("playbooks/nas.yml", hosts, { backup: { serve: { enabled: true, clients: [{ name: "proliant" }] } } });
    const variables = {
      nginx: { apps: [{ name: "media", host: "media.example.org", upstream: "127.0.0.1:8096" }] },
      backup: {
        target: { type: "sftp", host: nas.address, server: "nas" },
        password,
        presets: ["state", "readback", "nginx"],
        sets: [{ name: "app", paths: ["/srv/app"], exclude: ["/srv/app/cache"], sqlite: ["/srv/app/app.db", "/srv/app/two.db"] }],
        alert: { command: "cat >> /var/lib/rempart-backup/mail" },
      },
    };
    client = new Rempart("playbooks/proliant.yml", hosts, variables);
    drill = new Rempart("playbooks/drill.yml", hosts, { ...variables, drill_results: join(currentRun().folder, "drills") });
    await proliant.out(`mkdir -p /srv/app/cache /var/lib/rempart && echo '{"zone":"example.org"}' > /var/lib/rempart/cloudflare.json && echo first > /srv/app/file && echo never > /srv/app/cache/junk &&
      apt-get install -y -q --no-install-recommends nginx sqlite3 > /dev/null &&
      sqlite3 /srv/app/two.db 'CREATE TABLE t(x); CREATE INDEX i ON t(x); INSERT INTO t VALUES(zeroblob(99))'`);
  });
  afterAll(() => Promise.all([proliant?.stop(), nas?.stop()]));

  const part = ["--tags", "backup"];
  /** restic itself on the client, as somebody who has its key and password could use it. */
  const restic = () =>
    `restic -r sftp:x:/restic -p /etc/rempart-backup/password -o 'sftp.command=ssh -i /etc/rempart-backup/id_ed25519 -o UserKnownHostsFile=/etc/rempart-backup/known_hosts backup-proliant@${nas.address} -s sftp'`;
  const start = (host: TestHost, unit = "rempart-backup") => host.exec(["timeout", "120", "systemctl", "start", unit]);
  /** systemd tells of a failure after it. */
  const alerted = (host: TestHost, what: string) =>
    expect.poll(() => host.out(`tail -n 1 ${state}/alerts 2>/dev/null; true`), { timeout: 30_000 }).toContain(what);
  const status = async (host: TestHost) => JSON.parse(await host.out(`cat ${state}/status.json`)) as Record<string, unknown>;
  const converged = async (rempart: Rempart) => {
    const told = await rempart.run(...part);
    expect(told.exitCode, told.trouble).toBe(0);
    return told.changes;
  };

  test("the NAS: a check of the bare host, a run, and nothing in the rerun", async () => {
    const before = await fingerprint(nas);
    const check = await server.run(...part, "--check");
    expect(await fingerprint(nas)).toBe(before);
    expectTruth("backup on the NAS", check, await server.run(...part));
    expect(await converged(server)).toEqual([]);
  });

  test("the client: a check of the bare host, a run, and nothing in the rerun", async () => {
    const before = await fingerprint(proliant);
    const check: Told = await client.run(...part, "--check");
    expect(await fingerprint(proliant)).toBe(before);
    expectTruth("backup on the client", check, await client.run(...part));
    expect(await converged(client)).toEqual([]);
    expect(await proliant.out("grep -rl 'correct horse' /etc /usr/local")).toBe("/etc/rempart-backup/password");
  });

  test("its key opens its own folder by SFTP, and nothing else", async () => {
    const ssh = `-i /etc/rempart-backup/id_ed25519 -o UserKnownHostsFile=/etc/rempart-backup/known_hosts -o BatchMode=yes`;
    const shell = await proliant.exec(`timeout 20 ssh ${ssh} backup-proliant@${nas.address} id`);
    expect(shell.stdout).not.toContain("uid=");
    const listed = await proliant.out(`echo 'ls -1 /' | timeout 20 sftp -q -b - ${ssh} backup-proliant@${nas.address}`);
    expect(listed.split("\n").slice(1)).toEqual(["/restic"]);
    const forward = await proliant.exec(`timeout 20 ssh ${ssh} -o ExitOnForwardFailure=yes -W 127.0.0.1:22 backup-proliant@${nas.address}`);
    expect(forward.stdout).not.toContain("SSH-2.0");
  });

  test("a set that is not there is a failure that is told, and the backup counts again when it is", async () => {
    expect((await start(proliant)).exitCode).not.toBe(0);
    await alerted(proliant, "app: the database /srv/app/app.db is not there");
    expect(await proliant.out(`cat ${state}/mail`)).toContain("the database /srv/app/app.db is not there");
    // Somebody writes to it all the time: what counts stands in the log beside it.
    await proliant.out(`sqlite3 /srv/app/app.db 'PRAGMA journal_mode=WAL; CREATE TABLE t(x); INSERT INTO t VALUES(1)' &&
      systemd-run -q --unit=writer sh -c '(echo "PRAGMA wal_autocheckpoint=0; INSERT INTO t VALUES(2);"; sleep 600) | sqlite3 /srv/app/app.db'`);
    await expect.poll(() => proliant.out("sqlite3 /srv/app/app.db 'SELECT count(*) FROM t'"), { timeout: 10_000 }).toBe("2");
    const done = await start(proliant);
    expect(done.exitCode, await proliant.out("journalctl -u rempart-backup -n 20 --no-pager")).toBe(0);
    expect(await status(proliant)).toMatchObject({
      result: "ok",
      last_success: expect.stringMatching(/^20/),
      sets: [{ name: "state" }, { name: "readback" }, { name: "nginx" }, { name: "app" }],
    });
    expect((await start(proliant, "rempart-backup-check")).exitCode).toBe(0);
    expect(await proliant.out(`cat ${state}/part`)).toBe("1");
  });

  test("the drill brings back what was saved", async () => {
    const told = await drill.run();
    expect(told.exitCode, told.trouble).toBe(0);
    const result = JSON.parse(await proliant.out(`cat ${state}/drills/*.json`)) as { sets: unknown[] };
    expect(result).toMatchObject({
      result: "ok",
      problems: [],
      changed_while_saved: 0,
      sets: [{ name: "state" }, { name: "readback" }, { name: "nginx" }, { name: "app", databases: 2 }],
    });
    expect(await proliant.out("ls /var/tmp | grep rempart; true")).toBe("");
  });

  test("a damaged pack makes the drill fail and say so", async () => {
    const pack = await nas.out("ls -S /srv/backup/backup-proliant/restic/data/*/* | head -n 1");
    await nas.out(`cp -p ${pack} /root/pack && printf XXXX | dd of=${pack} bs=1 seek=20 conv=notrunc status=none`);
    const told = await drill.run();
    expect(told.exitCode).not.toBe(0);
    expect(told.trouble).toContain("the drill failed");
    expect(await proliant.out(`cat $(ls ${state}/drills/*.json | tail -n 1)`)).toMatch(/"result":"failed".*restic restore failed/);
    await nas.out(`cp -p /root/pack ${pack}`);
  });

  test("what was broken or left out before it was saved, or saved otherwise, makes the drill fail too, each by name", async () => {
    await proliant.out(`cp -p /srv/app/two.db /root/two.db && printf broken | dd of=/srv/app/two.db bs=1 seek=4096 conv=notrunc status=none
      cp -p /etc/nginx/nginx.conf /root/nginx.conf && echo 'nonsense;' >> /etc/nginx/nginx.conf
      cp -p /etc/rempart-backup/config /root/config && sed -i 's/ iptables-save > iptables.rules;//; /ip address > addresses.txt/d' /etc/rempart-backup/config`);
    expect((await start(proliant)).exitCode).toBe(0);
    await proliant.out(
      "cp -p /root/two.db /srv/app/two.db && cp -p /root/nginx.conf /etc/nginx/nginx.conf && cp -p /root/config /etc/rempart-backup/config",
    );
    // A snapshot whose files are not those of its checksums.
    await proliant.out(`cd /var/lib/rempart && echo '{' > router.json && stage=${state}/stage/readback && mkdir -p $stage && touch $stage/started &&
      { echo "$(echo another | sha256sum | cut -d ' ' -f 1)  var/lib/rempart/cloudflare.json"; echo "$(sha256sum < router.json | cut -d ' ' -f 1)  var/lib/rempart/gone.json"; } > $stage/manifest.sha256 &&
      timeout 60 ${restic()} backup -q --host proliant --tag readback /var/lib/rempart/cloudflare.json /var/lib/rempart/router.json $stage && rm -r ${state}/stage router.json`);
    const told = await proliant.exec("rempart-backup drill");
    expect(told.exitCode).not.toBe(0);
    const { problems } = JSON.parse(told.stdout) as { problems: string[] };
    expect(problems.toSorted()).toEqual([
      expect.stringContaining("app: database /srv/app/two.db: "),
      expect.stringContaining("nginx: nginx refuses what came back: "),
      "readback: /var/lib/rempart/cloudflare.json is not what was saved",
      "readback: /var/lib/rempart/gone.json did not come back",
      "readback: /var/lib/rempart/router.json is no JSON",
      "state: addresses.txt is not in the backup",
      "state: iptables.rules is not in the backup",
    ]);
    expect((await start(proliant)).exitCode).toBe(0);
  });

  test("a wrong password, a NAS that is away and silence are told", async () => {
    await proliant.out("echo another > /etc/rempart-backup/password");
    expect((await start(proliant)).exitCode).not.toBe(0);
    await alerted(proliant, "the password does not open the repository");
    expect((await client.run(...part, "--check")).changes).toEqual(["backup : Write the password and the address of the repository"]);
    expect(await converged(client)).toEqual(["backup : Write the password and the address of the repository"]);
    await nas.out("systemctl stop ssh");
    expect((await start(proliant)).exitCode).not.toBe(0);
    await nas.out("systemctl start ssh");
    await alerted(proliant, "Connection refused");
    expect(await status(proliant)).toMatchObject({ result: "failed" });
    await proliant.out(`touch -d '3 days ago' ${state}/last_success`);
    expect((await start(proliant, "rempart-backup-watch")).exitCode).not.toBe(0);
    await alerted(proliant, "no backup for 72 hours");
    expect(await proliant.out("journalctl -t rempart-backup -p err -o cat --no-pager")).toContain("no backup for 72 hours");
  });

  test("the lock of a process that died is taken away, and another repository in the place of ours is refused", async () => {
    await proliant.out(`cat > /tmp/hold <<'SH'
sleep 60 | ${restic()} backup --stdin
SH
    systemd-run -q --unit=hold sh /tmp/hold`);
    const repository = "/srv/backup/backup-proliant/restic";
    await expect.poll(() => nas.out(`ls ${repository}/locks | wc -l`), { timeout: 20_000 }).toBe("1");
    await proliant.out("systemctl kill -s KILL hold");
    expect((await start(proliant)).exitCode, await proliant.out("journalctl -u rempart-backup -n 5 --no-pager")).toBe(0);
    expect(await nas.out(`ls ${repository}/locks | wc -l`)).toBe("0");
    await nas.out(`mv ${repository}/config /root/config`);
    expect((await start(proliant)).exitCode).not.toBe(0);
    await alerted(proliant, "there is no repository at the target");
    await nas.out(`mv /root/config ${repository}/config`);
  });

  test("what was changed by hand is named by a check and put back", async () => {
    await proliant.out(`systemctl disable -q --now rempart-backup.timer && echo >> /usr/local/sbin/rempart-backup && echo 'sets=' >> /etc/rempart-backup/config
      chmod 644 /etc/rempart-backup/id_ed25519; sed -i s/strict/no/ /etc/systemd/system/rempart-backup-check.service`);
    const changes = [
      "backup : Keep the key to root",
      "backup : Write what is saved",
      "backup : Install the backup program",
      "backup : Back up by timer",
      "backup : Check the repository by timer",
    ];
    const check = await client.run(...part, "--check");
    expect(check.changes, check.trouble).toEqual(changes);
    expect(await converged(client)).toEqual(changes);
    await nas.out("sed -i /Forwarding/d /etc/ssh/sshd_config.d/10-rempart-backup.conf && chmod 777 /srv/backup");
    const there = [
      "backup : Make the folder of all backups",
      "backup : Give these accounts SFTP in their folder, and nothing else",
      "backup : Reload SSH for the accounts of backups",
    ];
    expect((await server.run(...part, "--check")).changes).toEqual(there);
    expect(await converged(server)).toEqual(there);
  });

  test("the NAS itself removes what is not kept, when asked to", async () => {
    const pruning = server.with({ backup: { serve: { clients: [{ name: "proliant", prune: true, password }] } } });
    await converged(pruning);
    const unit = "rempart-backup-prune-proliant";
    expect((await start(nas, unit)).exitCode, await nas.out(`journalctl -u ${unit} -n 20 --no-pager`)).toBe(0);
    expect(await nas.out("stat -c %U /srv/backup/backup-proliant/restic/snapshots/*")).toMatch(/^(backup-proliant\n?)+$/);
    expect(await converged(server)).toEqual(["backup : Remove what is not kept"]);
  });

  test("absent takes all of it away but the repository and what opens it", async () => {
    const gone = client.with({ backup: { state: "absent" } });
    expect((await converged(gone)).length).toBeGreaterThan(0);
    expect(await converged(gone)).toEqual([]);
    expect(await proliant.out("ls /etc/systemd/system | grep -c rempart-backup; ls /etc/rempart-backup")).toMatch(/^0\n[\s\S]*password/);
    expect(await nas.out("ls /srv/backup/backup-proliant/restic")).toContain("snapshots");
  });
});
