import type { Duplex } from "node:stream";
import { NodeSSH } from "node-ssh";
import type { Client, ServerHostKeyAlgorithm } from "ssh2";
import type { Connection, Target, Unreachable } from "../kernel/target.ts";
import { usualBounds } from "./bounds.ts";
import { dial, dialThrough } from "./dial.ts";
import { orderedAlgorithms } from "./known-hosts.ts";
import { type LoginPlan, LoginTries, loginPlan } from "./login.ts";
import { ShellTarget, type TargetOptions } from "./shell-target.ts";
import { SshLine } from "./ssh-line.ts";
import { type SshSettings, type SshSurroundings, sshSettings } from "./ssh-settings.ts";

export interface SshOptions extends TargetOptions {
  readonly ssh?: SshSurroundings;
}

interface Reached {
  readonly client: Client;
  readonly line: SshLine;
}

/** Opens the one connection to a host, through its jump hosts when it has some. */
export async function connectSsh(connection: Connection, options: SshOptions = {}): Promise<Target | Unreachable> {
  const settings = sshSettings(connection, options.ssh);
  if ("unreachable" in settings) return settings;
  const seconds = options.bounds?.connect ?? usualBounds.connect;
  const before: Reached[] = [];
  const failed = async (why: Unreachable): Promise<Unreachable> => {
    for (const { line } of before.toReversed()) await line.close();
    return why;
  };
  for (const jump of settings.jumps) {
    const to = sshSettings(jump, options.ssh);
    const reached = "unreachable" in to ? to : await reach(to, before, seconds);
    if ("unreachable" in reached) return failed({ ...reached, unreachable: `jump host ${jump.address}: ${reached.unreachable}` });
    before.push(reached);
  }
  const reached = await reach(settings, before, seconds);
  return "unreachable" in reached ? failed(reached) : new ShellTarget(reached.line, options);
}

async function reach(settings: SshSettings, before: readonly Reached[], seconds: number): Promise<Reached | Unreachable> {
  const plan = loginPlan(settings);
  if ("unreachable" in plan) return plan;
  const { address, port } = settings;
  const through = before.at(-1);
  const sock = through ? await dialThrough(through.client, "before it", address, port, seconds) : await dial(address, port, seconds);
  if ("unreachable" in sock) return sock;
  return logIn(settings, plan, sock, before, seconds);
}

async function logIn(
  settings: SshSettings,
  plan: LoginPlan,
  sock: Duplex,
  before: readonly Reached[],
  seconds: number,
): Promise<Reached | Unreachable> {
  const ssh = new NodeSSH();
  const tries = new LoginTries(plan);
  let wrongKey: Unreachable | undefined;
  try {
    await ssh.connect({
      sock: sock as never,
      username: settings.user,
      authHandler: tries.next as never,
      algorithms: { serverHostKey: orderedAlgorithms(settings.hostKeys.known) as ServerHostKeyAlgorithm[] },
      hostVerifier: (key: Buffer) => {
        wrongKey = settings.hostKeys.verdict(key);
        return wrongKey === undefined;
      },
      readyTimeout: seconds * 1000,
      keepaliveInterval: 15_000,
      keepaliveCountMax: 4,
    });
  } catch (error) {
    sock.destroy();
    return wrongKey ?? notLoggedIn(settings, plan, tries, error, seconds);
  }
  const client = ssh.connection;
  if (!client)
    return { unreachable: `${settings.address} closed the connection after the login`, help: "see its journal: journalctl -u ssh" };
  return {
    client,
    line: new SshLine(
      ssh,
      client,
      before.map((r) => r.line),
      seconds,
    ),
  };
}

function notLoggedIn({ address, user }: SshSettings, plan: LoginPlan, tries: LoginTries, error: unknown, seconds: number): Unreachable {
  const message = error instanceof Error ? error.message : String(error);
  const level = error instanceof Error && "level" in error ? error.level : "";
  if (level === "client-authentication" || /authentication/i.test(message)) {
    const takes = tries.taken ? `, it takes ${tries.taken.join(", ")}` : "";
    return {
      unreachable: `${address} refuses the login of ${user}: offered was ${plan.offered.join(", ")}${takes}`,
      help: "is the public key in ~/.ssh/authorized_keys of that user, and are ansible_user and ansible_ssh_private_key_file right?",
      refused: true,
    };
  }
  if (level === "client-timeout" || /timed out/i.test(message))
    return {
      unreachable: `${address} did not finish the handshake within ${seconds} s`,
      help: "is that really an ssh server, and is the host overloaded?",
    };
  if (/no matching/i.test(message))
    return {
      unreachable: `${address} and we have no common algorithm: ${message}`,
      help: "the server is very old or very strict: see its KexAlgorithms, Ciphers, MACs and HostKeyAlgorithms",
    };
  return {
    unreachable: `${address} ended the handshake: ${message}`,
    help: "is that an ssh server? sshd also shuts an address out for a while after failed logins",
  };
}
