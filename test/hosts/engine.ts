import { spawn } from "node:child_process";
import { existsSync, openSync, readFileSync, rmSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { $ } from "zx";
import { withLock } from "./lock.ts";

const log = "/var/log/rempart-dockerd.log";

/** Makes sure that a Docker engine answers: the present one, or Debian's, installed and started. Never stops one. */
export async function ensureEngine(say: (line: string) => void = () => {}): Promise<void> {
  if (await answers()) return;
  await withLock("engine", 600, async () => {
    if (await answers()) return;
    if (process.getuid?.() !== 0) {
      throw new Error("no Docker engine answers: start one (or run this as root, then Debian's docker.io is installed and started)");
    }
    await ensurePackage("dockerd", "docker.io", say);
    // Since Debian 13 the client is a package of its own.
    if (!(await has("docker"))) await ensurePackage("docker", "docker-cli", say);
    say("starting the Docker engine");
    await start();
    for (let tries = 0; tries < 120; tries++) {
      if (await answers()) return;
      await sleep(500);
    }
    throw new Error(`the Docker engine did not answer within 60 s; its log is ${log}`);
  });
}

/** Installs a package of Debian or Ubuntu unless its command is there. */
export async function ensurePackage(command: string, name: string, say: (line: string) => void = () => {}): Promise<void> {
  if (await has(command)) return;
  if (process.getuid?.() !== 0 || !(await has("apt-get"))) {
    throw new Error(`${command} is missing: install it (Debian and Ubuntu: apt-get install ${name})`);
  }
  say(`installing ${name}`);
  const apt = $({ quiet: true, env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" }, timeout: "8m" });
  const install = () => apt`apt-get install -q -y --no-install-recommends -o DPkg::Lock::Timeout=120 ${name}`;
  if ((await install().nothrow()).exitCode === 0) return;
  await apt`apt-get update -q -o DPkg::Lock::Timeout=120`;
  await install();
}

async function answers(): Promise<boolean> {
  const asked = await $({ quiet: true, nothrow: true, timeout: "10s" })`docker version --format ${"{{.Server.Version}}"}`;
  return asked.exitCode === 0;
}

async function has(command: string): Promise<boolean> {
  return (await $({ quiet: true, nothrow: true })`command -v ${command}`).exitCode === 0;
}

async function start(): Promise<void> {
  if (existsSync("/run/systemd/system")) {
    await $({ quiet: true, nothrow: true })`systemctl start docker`;
    return;
  }
  // A machine that was cut off leaves these behind, and neither daemon starts over them.
  for (const file of ["/var/run/docker.pid", "/var/run/docker/containerd/containerd.pid", "/run/containerd/containerd.pid"]) {
    if (existsSync(file) && !running(readFileSync(file, "utf8").trim())) rmSync(file);
  }
  const output = openSync(log, "a");
  spawn("dockerd", [], { detached: true, stdio: ["ignore", output, output], cwd: "/" }).unref();
}

function running(pid: string): boolean {
  try {
    return /docker|containerd/.test(readFileSync(`/proc/${pid}/comm`, "utf8"));
  } catch {
    return false;
  }
}
