import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir, userInfo } from "node:os";
import { join } from "node:path";
import type { Connection } from "../../src/kernel/target.ts";
import type { SshSurroundings } from "../../src/transport/ssh-settings.ts";

/** Real programs are needed for a real server. */
export const hasSshd = existsSync("/usr/sbin/sshd") && existsSync("/usr/bin/ssh-keygen");

/** An OpenSSH server on a loopback port, for the user who runs the test, with keys of its own. */
export class Sshd {
  readonly folder = mkdtempSync(join(tmpdir(), "rempart-sshd-"));
  port = 0;
  #process: ChildProcess | undefined;

  async start(settings: readonly string[] = []): Promise<this> {
    if (userInfo().uid === 0) mkdirSync("/run/sshd", { recursive: true, mode: 0o755 });
    for (const name of ["host", "login", "other"]) if (!existsSync(this.path(name))) this.keygen(name);
    writeFileSync(this.path("authorized"), readFileSync(this.path("login.pub")));
    mkdirSync(join(this.folder, ".ssh"), { recursive: true });
    this.port ||= await freePort();
    const lines = [
      `Port ${this.port}`,
      "ListenAddress 127.0.0.1",
      `HostKey ${this.path("host")}`,
      `AuthorizedKeysFile ${this.path("authorized")}`,
      `PidFile ${this.path("pid")}`,
      "UsePAM no",
      "StrictModes no",
      "PasswordAuthentication no",
      "PermitRootLogin yes",
      "LogLevel QUIET",
      ...settings,
    ];
    writeFileSync(this.path("config"), `${lines.join("\n")}\n`);
    const server = spawn("/usr/sbin/sshd", ["-D", "-e", "-f", this.path("config")], { stdio: "ignore" });
    this.#process = server;
    this.known(`[127.0.0.1]:${this.port} ${this.publicKey("host")}`);
    for (let i = 0; i < 100 && !existsSync(this.path("pid")); i++) await new Promise((resolve) => setTimeout(resolve, 50));
    return this;
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  keygen(name: string, ...more: readonly string[]): void {
    execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-C", name, "-f", this.path(name), ...more]);
  }

  /** Type and key. */
  publicKey(name: string): string {
    return readFileSync(this.path(`${name}.pub`), "utf8")
      .split(" ")
      .slice(0, 2)
      .join(" ");
  }

  known(...lines: readonly string[]): void {
    writeFileSync(this.path("known_hosts"), `${lines.join("\n")}\n`);
  }

  connection(more: Partial<Connection> = {}): Connection {
    return {
      host: "web",
      kind: "ssh",
      address: "127.0.0.1",
      port: this.port,
      user: userInfo().username,
      keyFile: this.path("login"),
      knownHosts: [this.path("known_hosts")],
      ...more,
    };
  }

  /** Neither the user's own configuration nor the machine's known keys. */
  get around(): SshSurroundings {
    return { home: this.folder, globalKnownHosts: "/dev/null", agent: "" };
  }

  /** Kills the processes that serve connections, and with them the connections. */
  cut(): void {
    const children = execFileSync("sh", ["-c", `pgrep -P "$(cat '${this.path("pid")}')" || true`], { encoding: "utf8" })
      .trim()
      .split("\n");
    for (const pid of children.filter((p) => p !== "")) process.kill(Number(pid), "SIGKILL");
  }

  async stop(): Promise<void> {
    this.#process?.kill();
    await new Promise((resolve) => (this.#process ? this.#process.once("exit", resolve) : resolve(undefined)));
    rmSync(this.folder, { recursive: true });
  }
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  return typeof address === "object" && address ? address.port : 0;
}
