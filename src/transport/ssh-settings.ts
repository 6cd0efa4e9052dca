import { existsSync, readFileSync } from "node:fs";
import { homedir, userInfo } from "node:os";
import { join } from "node:path";
import type { Connection, Unreachable } from "../kernel/target.ts";
import type { Secret } from "../kernel/value.ts";
import { HostKeys } from "./host-key.ts";
import { type KnownKey, parseKnownHosts } from "./known-hosts.ts";
import { atHome, configFor } from "./ssh-config-file.ts";

/** How to reach one host by ssh, with all sources taken together. */
export interface SshSettings {
  /** As people call it. */
  readonly name: string;
  readonly address: string;
  readonly port: number;
  readonly user: string;
  /** Only these keys are offered; empty when none is configured. */
  readonly keyFiles: readonly string[];
  readonly password?: Secret;
  /** Socket of the agent. */
  readonly agent?: string;
  readonly hostKeys: HostKeys;
  readonly home: string;
  /** Hosts to go through, in order. */
  readonly jumps: readonly Connection[];
}

export interface SshSurroundings {
  readonly home?: string;
  readonly agent?: string;
  /** Known keys of the whole machine. */
  readonly globalKnownHosts?: string;
}

/** The inventory's word counts before that of ~/.ssh/config, and that before the usual. */
export function sshSettings(connection: Connection, around: SshSurroundings = {}): SshSettings | Unreachable {
  const home = around.home ?? homedir();
  const config = configFor(connection.address, home);
  const address = (config.HostName ?? connection.address).replaceAll("%h", connection.address);
  const port = connection.port ?? Number(config.Port ?? 22);
  const user = connection.user ?? config.User ?? userInfo().username;
  const expand = (path: string): string =>
    atHome(path, home).replace(
      /%([dhru%])/g,
      (_a, c: string) => ({ d: home, h: address, r: user, u: userInfo().username, "%": "%" })[c] ?? "",
    );
  const files = (
    connection.knownHosts ??
    (config.UserKnownHostsFile.length > 0 ? config.UserKnownHostsFile : ["~/.ssh/known_hosts", "~/.ssh/known_hosts2"])
  ).map(expand);
  const known = [...files, around.globalKnownHosts ?? "/etc/ssh/ssh_known_hosts"].flatMap(readKnown);
  const jumps = jumpsOf(connection.proxyJump ?? config.ProxyJump ?? "none", connection);
  if ("unreachable" in jumps) return jumps;
  const keyFiles =
    connection.keyFile !== undefined
      ? [expand(connection.keyFile)]
      : config.IdentityFile.map(expand).filter((f) => existsSync(f) || config.IdentityFile.length === 1);
  const agent =
    config.IdentityAgent === "none"
      ? undefined
      : config.IdentityAgent !== undefined && config.IdentityAgent !== "SSH_AUTH_SOCK"
        ? expand(config.IdentityAgent)
        : (around.agent ?? process.env.SSH_AUTH_SOCK);
  return {
    name: connection.host,
    address,
    port,
    user,
    keyFiles,
    hostKeys: new HostKeys(known, config.HostKeyAlias ?? address, config.HostKeyAlias === undefined ? port : 22, files),
    home,
    jumps,
    ...(connection.password && { password: connection.password }),
    ...(agent && { agent }),
  };
}

function readKnown(file: string): KnownKey[] {
  return existsSync(file) ? parseKnownHosts(readFileSync(file, "utf8"), file) : [];
}

/** `user@host:port,...`, each a connection of its own that ~/.ssh/config may say more about. */
function jumpsOf(text: string, { host, knownHosts, keyFile }: Connection): Connection[] | Unreachable {
  if (text === "none" || text === "") return [];
  const jumps: Connection[] = [];
  for (const part of text.split(",")) {
    const match = /^(?:ssh:\/\/)?(?:([^@]+)@)?(\[[^\]]+\]|[^:]+)(?::(\d+))?$/.exec(part.trim());
    if (!match?.[2])
      return { unreachable: `"${part}" is no host to jump through`, help: "write user@host:port, with commas between several" };
    const [, user, address, port] = match;
    jumps.push({
      host: `${host} (through ${part.trim()})`,
      kind: "ssh",
      address: address.replace(/^\[|\]$/g, ""),
      proxyJump: "none",
      ...(user !== undefined && { user }),
      ...(port !== undefined && { port: Number(port) }),
      ...(knownHosts && { knownHosts }),
      ...(keyFile !== undefined && { keyFile }),
    });
  }
  return jumps;
}

/** The keys that OpenSSH tries when none is configured. */
export function usualKeys(home: string): string[] {
  return ["id_ed25519", "id_ecdsa", "id_rsa"].map((n) => join(home, ".ssh", n)).filter((f) => existsSync(f));
}
