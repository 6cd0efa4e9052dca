import type { AccountKey, AccountValue } from "../../../../src/facts/account.ts";
import { type AuthorizedKeys, type AuthorizedKeysKey, type Listed, nobody } from "../../../../src/facts/authorized-keys.ts";
import type { AwaitedKey } from "../../../../src/facts/awaited.ts";
import { type ComposeKey, type ComposeProject, noProject } from "../../../../src/facts/compose-project.ts";
import { type DockerNetwork, noDockerNetwork } from "../../../../src/facts/docker-network.ts";
import { type Group, noGroup } from "../../../../src/facts/group.ts";
import type { HttpKey } from "../../../../src/facts/http.ts";
import type { MountKey } from "../../../../src/facts/mount.ts";
import type { NewAccounts } from "../../../../src/facts/new-accounts.ts";
import type { NftablesKey } from "../../../../src/facts/nftables.ts";
import { noPackage, type Package } from "../../../../src/facts/package.ts";
import { absent, type PathValue, withContent } from "../../../../src/facts/path.ts";
import type { PathKey } from "../../../../src/facts/path-key.ts";
import type { ProbeKey } from "../../../../src/facts/probe.ts";
import { sysctlName } from "../../../../src/facts/sysctl.ts";
import type { Unit } from "../../../../src/facts/unit.ts";
import { noUser, type User, type UserKey } from "../../../../src/facts/user.ts";
import { NoAnswer, type Question } from "../../../../src/kernel/fact.ts";
import { packedIn, unpackedIn } from "./archives.ts";
import { projectOf } from "./docker.ts";
import { type Acting, type FakeNode, parentOf } from "./files.ts";
import { foundIn } from "./found.ts";
import { contextIn, imageOf } from "./images.ts";
import type { FakeMachine } from "./machine.ts";
import { tableAnswer } from "./nft.ts";
import { publicKeyIn } from "./openssl.ts";
import { routerState } from "./router.ts";
import { NotModelled } from "./trouble.ts";
import { holds, probed } from "./usertext.ts";
import { asked } from "./web.ts";

/** What the machine answers to a question, written as its record and read back, as it would come from a real one. */
export function answerOf(m: FakeMachine, { fact, key }: Question, as: Acting): unknown {
  if (m.mute.has(fact.kind)) return new NoAnswer("it does not answer");
  const teller = tellers[fact.kind];
  if (!teller) throw new NotModelled(`questions of kind ${fact.kind}`);
  const value = teller(m, key as never, as);
  if (value instanceof NoAnswer || !fact.write) return value;
  const record = fact.write(key, value);
  if (record === undefined) throw new Error(`what is there has no record: ${fact.kind} ${JSON.stringify(value)}`);
  return fact.read(Buffer.from(record), [key])[0];
}

type Teller<K, V> = (m: FakeMachine, key: K, as: Acting) => V | NoAnswer;

const path: Teller<PathKey, PathValue> = (m, key, as) => {
  if (as.uid !== 0 && key.path.startsWith("/root/")) return new NoAnswer("the user of this task may not look there; use become: true");
  const node = m.files.at(key.path);
  if (!node) return absent;
  const base: PathValue = {
    type: node.kind,
    mode: octal(node),
    uid: node.uid,
    gid: node.gid,
    owner: m.accounts.userName(node.uid),
    group: m.accounts.groupName(node.gid),
    size: node.kind === "file" ? node.content.length : 0,
  };
  if (node.kind === "link") return { ...base, target: node.target };
  if (node.kind === "directory") return base;
  return { ...base, ...withContent(node.content), ...(node.content.includes(0) && { binary: true as const }) };
};

function octal(node: FakeNode): string {
  return node.mode.toString(8).padStart(4, "0");
}

const account: Teller<AccountKey, AccountValue> = (m, key, as) => {
  const isUser = key.kind === "user" || key.kind === "acting user";
  const text = "name" in key ? key.name : String(isUser ? as.uid : as.gid);
  const id = isUser ? m.accounts.uidOf(text) : m.accounts.gidOf(text);
  if (id === undefined) return { exists: false };
  const name = isUser ? m.accounts.userName(id) : m.accounts.groupName(id);
  return name === String(id) ? { exists: false, id } : { exists: true, id, name };
};

const user: Teller<UserKey, User> = (m, key, as) => {
  const u = m.accounts.user(key.name);
  if (!u) return noUser;
  const groups = m.accounts.groups.filter((g) => g.members.includes(u.name)).map((g) => g.name);
  const shadow = { locked: u.hash.startsWith("!"), digest: m.digest(Buffer.from(u.hash.replace(/^!/, ""))), expires: u.expires };
  return {
    present: true,
    uid: u.uid,
    group: m.accounts.groupName(u.gid),
    groups: groups.sort(),
    comment: u.comment,
    home: u.home,
    shell: u.shell,
    homeExists: m.files.through(u.home)?.kind === "directory",
    password: key.password && as.uid === 0 ? shadow : null,
  };
};

const group: Teller<string, Group> = (m, name) => {
  const g = m.accounts.group(name);
  return g ? { present: true, gid: g.gid, members: g.members } : noGroup;
};

const authorizedKeys: Teller<AuthorizedKeysKey, AuthorizedKeys> = (m, key, as) => {
  const u = m.accounts.user(key.user);
  if (!u) return nobody;
  if (as.uid !== 0 && u.uid !== as.uid) return new NoAnswer("the user of this task may not read it; use become: true");
  const file = key.path ?? `${u.home}/.ssh/authorized_keys`;
  const lines = (m.files.text(file) ?? "").split("\n");
  if (lines.at(-1) === "") lines.pop();
  return { path: file, uid: u.uid, gid: u.gid, folder: listed(m, parentOf(file)), file: listed(m, file), lines };
};

function listed(m: FakeMachine, at: string): Listed | null {
  const node = m.files.at(at);
  if (!node) return null;
  const bits = [...(node.mode & 0o777).toString(2).padStart(9, "0")].map((bit, i) => (bit === "1" ? ["r", "w", "x"][i % 3] : "-"));
  return { mode: `${{ file: "-", directory: "d", link: "l" }[node.kind]}${bits.join("")}`, uid: node.uid, gid: node.gid };
}

const unit: Teller<string, Unit> = (m, name) => {
  const { units } = m;
  const now = units.running.get(name);
  const file = units.file(name);
  const text = now?.text ?? units.text(name);
  const masked = units.isMasked(name);
  const enabled = units.isEnabled(name) ? "enabled" : units.text(name).includes("[Install]") ? "disabled" : "static";
  return {
    id: name,
    load: masked ? "masked" : file === "" ? "not-found" : "loaded",
    active: now?.active ?? "inactive",
    sub: now ? (now.active === "active" ? "running" : "failed") : "dead",
    enabled: masked ? "masked" : file === "" ? "" : enabled,
    stale: units.isStale(name),
    invocation: now ? String(now.invocation) : "",
    file: masked ? "" : file,
    oneshot: text.includes("Type=oneshot"),
  };
};

const packageOf: Teller<string, Package> = (m, name) => {
  const p = m.packages.installed.get(name);
  return p ? { state: p.state, version: p.version, hold: p.hold } : noPackage;
};

const network: Teller<string, DockerNetwork> = (m, name) => {
  if (!m.packages.has("docker")) return new NoAnswer("Docker is not installed on this host");
  const n = m.containers.networks.get(name);
  return n ? { ...n, present: true, containers: m.containers.users(name) } : noDockerNetwork;
};

const project: Teller<ComposeKey, ComposeProject> = (m, key) => {
  if (!m.packages.has("docker")) return new NoAnswer("Docker is not installed on this host");
  const file = m.containers.read(key);
  if (!file) return noProject;
  if ("error" in file) return { ...noProject, present: true, error: file.error };
  const containers = m.containers.of(projectOf(key));
  const services = m.containers.hashes(file);
  const pairs = new Set(containers.map((c) => `${c.service} ${c.hash}`));
  const asMade = pairs.size === Object.keys(services).length && Object.entries(services).every(([s, hash]) => pairs.has(`${s} ${hash}`));
  return {
    present: true,
    error: "",
    services,
    images: asMade ? {} : Object.fromEntries(Object.entries(file.services).map(([name, { image }]) => [name, image])),
    containers: containers.map(({ service, hash, state, exitCode, health, restart, startedAt, image }) => ({
      service,
      hash,
      state,
      exitCode,
      health,
      restart,
      startedAt: startedAt || "-",
      image,
    })),
  };
};

const newAccounts: Teller<null, NewAccounts> = (m) => {
  const [person, system] = [
    { first: 1000, last: 60000 },
    { first: 100, last: 999 },
  ];
  return {
    uids: m.accounts.users.map((u) => u.uid),
    gids: m.accounts.groups.map((g) => g.gid),
    user: person,
    systemUser: system,
    group: person,
    systemGroup: system,
    shell: "/bin/sh",
    homes: "/home",
    ownGroups: true,
    foreign: false,
  };
};

const tellers: Readonly<Record<string, Teller<never, unknown>>> = {
  path,
  account,
  user,
  group,
  authorized_keys: authorizedKeys,
  unit,
  program: () => ({ there: true }),
  timer: (m, name: string) => ({ next: m.units.running.has(name) ? "Sat 2026-11-22 03:00:00 UTC" : "", nextUptime: "", last: "" }),
  nftables: (m, key: NftablesKey) => tableAnswer(m, key),
  boot: () => ({ id: "00000000-0000-4000-8000-000000000001" }),
  units_stale: (m) => ({ stale: [...m.units.running.keys()].some((name) => m.units.isStale(name)) }),
  package: packageOf,
  new_accounts: newAccounts,
  offer: (m, name: string) => ({
    version: (m.packages.installed.get(name)?.state ?? "absent") === "absent" ? m.packages.candidate(name) : "",
  }),
  candidate: (m, name: string) => ({ version: m.packages.candidate(name) }),
  apt_lists: (m) => ({ fresh: m.packages.isFresh }),
  autoremovable: (m) => ({ packages: m.packages.unneeded() }),
  public_key: (m, key: { readonly path: string }) => publicKeyIn(m, key.path),
  sysctl: (m, name: string) => ({ value: m.kernel.parameters.get(sysctlName(name).replaceAll("/", ".")) ?? null }),
  kernel_module: (m, name: string) => ({ state: m.kernel.loaded.has(name.replaceAll("-", "_")) ? "loaded" : "absent" }),
  mount: (m, key: MountKey) => m.mounts.answer(key),
  ufw: (m, _key, as) =>
    !m.packages.has("ufw")
      ? new NoAnswer("ufw is not installed on this host")
      : as.uid !== 0
        ? new NoAnswer("the rules of ufw cannot be read: the task needs become: true")
        : { ...m.firewall },
  docker_image: imageOf,
  build_context: contextIn,
  docker_network: network,
  router_nftables: routerState,
  router_openwrt: () => new NoAnswer("not on this host: no uci, so this is no OpenWrt"),
  router_upnp: () => new NoAnswer("curl is not on this host: install curl"),
  compose_project: project,
  found: foundIn,
  unpacked: unpackedIn,
  packed: packedIn,
  awaited: (m, key: AwaitedKey) => ({ holds: holds(m, key) }),
  probe: (m, key: ProbeKey) => probed(m, key),
  http: (m, key: HttpKey) => asked(m, key),
};

/** The kinds that the fake machine answers. */
export const answeredKinds: readonly string[] = Object.keys(tellers);
