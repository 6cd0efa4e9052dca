import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { exec } from "../../src/kernel/step.ts";
import { asLogin, type Connection, type Target, type Unreachable } from "../../src/kernel/target.ts";
import { usualSurroundings } from "../../src/transport/frame.ts";
import { fingerprint } from "../../src/transport/known-hosts.ts";
import { connectSsh } from "../../src/transport/ssh.ts";
import { conformance } from "./conformance.ts";
import { hasSshd, Sshd } from "./sshd.ts";
import { doing, linksOf, script } from "./subject.ts";

describe.skipIf(!hasSshd)("ssh", () => {
  const sshd = new Sshd();
  beforeAll(() => sshd.start());
  afterAll(() => sshd.stop());

  const open = (more: Partial<Connection> = {}): Promise<Target | Unreachable> =>
    connectSsh(sshd.connection(more), { ssh: sshd.around, bounds: { connect: 5 } });
  const reached = async (more: Partial<Connection> = {}): Promise<Target> => {
    const target = await open(more);
    if ("unreachable" in target) throw new Error(`${target.unreachable}: ${target.help}`);
    return target;
  };
  const refused = async (more: Partial<Connection> = {}): Promise<string> => {
    const target = await open(more);
    if (!("unreachable" in target)) throw new Error("it was reached");
    return `${target.unreachable} — ${target.help}`;
  };
  const hostKey = (): string => sshd.publicKey("host");
  const asName = (): string => `[127.0.0.1]:${sshd.port}`;
  const works = async (more: Partial<Connection> = {}): Promise<void> => {
    const target = await reached(more);
    const done = await target.perform({ as: asLogin, lane: "control", links: [doing(exec("echo", "there"))], ask: [] });
    expect(linksOf(done)).toMatchObject([{ ran: [{ stdout: "there\n" }] }]);
    await target.close();
  };

  // A lock of its own: other suites work on this machine, too.
  const own = mkdtempSync(join(tmpdir(), "rempart-ssh-"));
  afterAll(() => rmSync(own, { recursive: true }));
  conformance("ssh to OpenSSH", async (bounds = {}) =>
    connectSsh(sshd.connection(), { ssh: sshd.around, bounds, surroundings: { ...usualSurroundings, runFolder: own } }),
  );

  test("an unknown host key is refused with its fingerprint and the way to add it", async () => {
    sshd.known("");
    const said = await refused();
    expect(said).toContain(
      `the host key of ${asName()} is not known: shown was ssh-ed25519 ${fingerprint(Buffer.from(hostKey().split(" ")[1] ?? "", "base64"))}`,
    );
    expect(said).toContain(`ssh-keyscan -t ed25519 -p ${sshd.port} 127.0.0.1 >> ${sshd.path("known_hosts")}`);
  });

  test("a changed host key is refused with file and line", async () => {
    sshd.known("# old", `${asName()} ${sshd.publicKey("other")}`);
    expect(await refused()).toMatch(/has changed: known is ssh-ed25519 SHA256:.*known_hosts:2\).*ssh-keygen -R/);
  });

  test("a revoked host key is refused, even when another line knows it", async () => {
    sshd.known(`${asName()} ${hostKey()}`, `@revoked * ${hostKey()}`);
    expect(await refused()).toContain("is revoked");
  });

  test("a hashed name, a pattern and a name without port are known", async () => {
    sshd.known(`${asName()} ${hostKey()}`);
    execFileSync("ssh-keygen", ["-q", "-H", "-f", sshd.path("known_hosts")], { stdio: "ignore" });
    expect(readFileSync(sshd.path("known_hosts"), "utf8")).toMatch(/^\|1\|/);
    await works();
    sshd.known(`[127.0.0.*]:${sshd.port} ${hostKey()}`);
    await works();
    sshd.known(`127.0.0.1 ${hostKey()}`);
    await works();
    sshd.known(`${asName()} ${hostKey()}`);
  });

  test("a login that is refused says what was offered and what the server takes", async () => {
    const said = await refused({ keyFile: sshd.path("other") });
    expect(said).toContain(`offered was the key ${sshd.path("other")}, it takes publickey`);
    expect(await refused({ keyFile: sshd.path("no-such") })).toContain("cannot be read");
  });

  test("only the configured key is offered, though the agent has others", async () => {
    const agent = await startAgent(sshd.path("login"), sshd.path("other"));
    const target = await connectSsh(sshd.connection({ keyFile: sshd.path("other") }), { ssh: { ...sshd.around, agent: agent.socket } });
    expect(target).toHaveProperty("unreachable");
    agent.stop();
  });

  test("a key with a passphrase is used through the agent, and the error says so without one", async () => {
    const agent = await startAgent(sshd.path("other"), sshd.path("login"));
    writeFileSync(sshd.path("locked"), readFileSync(sshd.path("login")), { mode: 0o600 });
    writeFileSync(sshd.path("locked.pub"), readFileSync(sshd.path("login.pub")));
    execFileSync("ssh-keygen", ["-q", "-p", "-P", "", "-N", "long passphrase", "-f", sshd.path("locked")]);
    expect(await refused({ keyFile: sshd.path("locked") })).toContain("ssh-add");
    const target = await connectSsh(sshd.connection({ keyFile: sshd.path("locked") }), { ssh: { ...sshd.around, agent: agent.socket } });
    expect(target).not.toHaveProperty("unreachable");
    if (!("unreachable" in target)) await target.close();
    agent.stop();
  });

  test("~/.ssh/config gives address, port, user, key and known hosts, and the inventory overrides it", async () => {
    const { user, port } = sshd.connection();
    const config = [
      `Host my-alias`,
      "  HostName 127.0.0.1",
      `  Port ${port}`,
      `  User ${user}`,
      `  IdentityFile ${sshd.path("login")}`,
      `  UserKnownHostsFile ${sshd.path("known_hosts")}`,
      "  StrictHostKeyChecking no",
    ];
    writeFileSync(sshd.path(".ssh/included"), `${config.join("\n")}\n`);
    writeFileSync(sshd.path(".ssh/config"), "Include inclu*\n");
    const bare: Connection = { host: "web", kind: "ssh", address: "my-alias" };
    const target = await connectSsh(bare, { ssh: sshd.around });
    expect(target).not.toHaveProperty("unreachable");
    if (!("unreachable" in target)) await target.close();
    expect(await connectSsh({ ...bare, port: 1 }, { ssh: sshd.around })).toMatchObject({
      unreachable: "127.0.0.1 refuses connections on port 1",
    });
    sshd.known("");
    expect(await connectSsh(bare, { ssh: sshd.around })).toMatchObject({ unreachable: expect.stringContaining("is not known") });
    sshd.known(`${asName()} ${hostKey()}`);
    writeFileSync(sshd.path(".ssh/config"), "");
  });

  test("a host behind a jump host is reached through it, and both keys are checked", async () => {
    await works({ proxyJump: `${sshd.connection().user}@127.0.0.1:${sshd.port}` });
    expect(await refused({ proxyJump: "127.0.0.1:1" })).toContain("jump host 127.0.0.1: 127.0.0.1 refuses connections on port 1");
    expect(await refused({ proxyJump: `127.0.0.1:${sshd.port}`, port: 1 })).toMatch(/port 1 cannot be reached through/);
  });

  test("a port that does not answer as ssh is given up in time", async () => {
    const mute = createServer();
    await new Promise<void>((resolve) => mute.listen(0, "127.0.0.1", resolve));
    const address = mute.address();
    const port = typeof address === "object" && address ? address.port : 0;
    const started = performance.now();
    const target = await connectSsh(sshd.connection({ port }), { ssh: sshd.around, bounds: { connect: 1 } });
    expect(target).toMatchObject({ unreachable: "127.0.0.1 did not finish the handshake within 1 s" });
    expect(performance.now() - started).toBeLessThan(3000);
    mute.close();
    expect(await refused({ address: "no-such-host.invalid" })).toContain("cannot be resolved");
  });

  test("a connection that is cut in the middle of a step is lost, and a write leaves nothing half done", async () => {
    const target = await reached();
    const folder = `/tmp/rempart-cut-${sshd.port}`;
    const done = target.perform({
      as: asLogin,
      lane: "work",
      links: [
        doing(exec("mkdir", folder)),
        doing(script("sleep 30")),
        doing({ do: "write", path: `${folder}/file`, content: "x", mode: "0600", owner: "0", group: "0" }),
      ],
      ask: [],
    });
    await new Promise((resolve) => setTimeout(resolve, 700));
    sshd.cut();
    expect(await done).toMatchObject({ status: "lost", gone: true, links: [{ status: "done" }] });
    expect(await target.perform({ as: asLogin, lane: "work", links: [], ask: [] })).toMatchObject({ status: "lost", gone: true });
    await target.close();
    expect(execFileSync("ls", ["-A", folder], { encoding: "utf8" })).toBe("");
    execFileSync("rm", ["-rf", folder]);
  });

  test("an upload that is cut leaves no staging file", async () => {
    const target = await reached();
    const local = sshd.path("large");
    writeFileSync(local, Buffer.alloc(200_000_000));
    const done = target.perform({
      as: asLogin,
      lane: "control",
      links: [
        doing({
          do: "upload",
          path: `/tmp/rempart-cut-${sshd.port}.bin`,
          local,
          size: 200_000_000,
          sha256: "0",
          mode: "0600",
          owner: "0",
          group: "0",
        }),
      ],
      ask: [],
    });
    const staging = (): string => execFileSync("sh", ["-c", "ls -A /var/tmp /tmp | grep '^.rempart-' || true"], { encoding: "utf8" });
    await vi.waitFor(() => expect(staging()).not.toBe(""), { timeout: 20_000 });
    sshd.cut();
    expect(await done).toMatchObject({ status: "lost", gone: true });
    // Other suites on this machine have uploads of their own on the way: those go by themselves.
    const stays = new Set(staging().split("\n").filter(Boolean));
    for (let i = 0; i < 100 && stays.size > 0; i++) {
      await new Promise((resolve) => setTimeout(resolve, 100));
      const now = new Set(staging().split("\n"));
      for (const name of stays) if (!now.has(name)) stays.delete(name);
    }
    expect([...stays]).toEqual([]);
    await target.close();
  });

  test("an exchange on an open shell takes a few milliseconds: nothing waits for a full packet", async () => {
    const target = await reached();
    const ask = { as: asLogin, lane: "control", links: [], ask: [] } as const;
    const times: number[] = [];
    for (let i = 0; i < 31; i++) {
      const started = performance.now();
      await target.perform(ask);
      times.push(performance.now() - started);
    }
    expect(times.sort((a, b) => a - b)[15]).toBeLessThan(30);
    await target.close();
  });
});

async function startAgent(...keys: readonly string[]): Promise<{ socket: string; stop(): void }> {
  const socket = `${keys[0]}.${keys.length}.agent`;
  const agent = spawn("ssh-agent", ["-D", "-a", socket], { stdio: "ignore" });
  await new Promise((resolve) => setTimeout(resolve, 300));
  for (const key of keys) execFileSync("ssh-add", ["-q", key], { env: { ...process.env, SSH_AUTH_SOCK: socket }, stdio: "ignore" });
  return { socket, stop: () => agent.kill() };
}
