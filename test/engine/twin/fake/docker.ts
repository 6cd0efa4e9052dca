import type { ComposeKey } from "../../../../src/facts/compose-project.ts";
import { images } from "./images.ts";
import type { FakeMachine } from "./machine.ts";
import { type Program, unknownWords } from "./program.ts";
import { Trouble } from "./trouble.ts";

export function projectOf(key: Pick<ComposeKey, "src" | "project">): string {
  return key.project ?? key.src.split("/").at(-1) ?? "";
}

const docker: Program = (m, words) => {
  if (!m.packages.has("docker")) throw new Trouble(127, "docker: not found");
  const [what, ...rest] = words;
  if (what === "network") network(m, rest);
  else if (what === "compose") compose(m, rest);
  else images(m, words);
  return "";
};

function network(m: FakeMachine, words: readonly string[]): void {
  const [verb, ...rest] = words;
  const name = rest.at(-1) ?? "";
  if (verb === "rm" && rest.length === 1) {
    if (!m.containers.networks.has(name)) throw new Trouble(1, `Error response from daemon: network ${name} not found`);
    if (m.containers.users(name) > 0) throw new Trouble(1, `error while removing network: network ${name} has active endpoints`);
    m.containers.networks.delete(name);
    return;
  }
  if (verb !== "create") return unknownWords("docker network", words);
  const made = { driver: "", internal: false, ipv6: false, options: {} as Record<string, string>, labels: {} as Record<string, string> };
  const ipam: Record<string, string> = {};
  const pair = (into: Record<string, string>, text = ""): void => {
    into[text.slice(0, text.indexOf("="))] = text.slice(text.indexOf("=") + 1);
  };
  for (let i = 0; i < rest.length - 1; i++) {
    const word = rest[i];
    if (word === "--internal") made.internal = true;
    else if (word === "--ipv6") made.ipv6 = true;
    else if (word === "--driver") made.driver = rest[++i] ?? "";
    else if (word === "--subnet") ipam.Subnet = rest[++i] ?? "";
    else if (word === "--gateway") ipam.Gateway = rest[++i] ?? "";
    else if (word === "--ip-range") ipam.IPRange = rest[++i] ?? "";
    else if (word === "--opt") pair(made.options, rest[++i]);
    else if (word === "--label") pair(made.labels, rest[++i]);
    else unknownWords("docker network create", words);
  }
  m.containers.addNetwork(name, { ...made, ipam: ipam.Subnet === undefined ? null : [ipam] });
}

function compose(m: FakeMachine, words: readonly string[]): void {
  const rest = [...words];
  const files: string[] = [];
  let src = "";
  let project: string | undefined;
  while (rest[0]?.startsWith("-")) {
    const [flag, value = ""] = rest.splice(0, 2);
    if (flag === "--project-directory") src = value;
    else if (flag === "-p") project = value;
    else if (flag === "-f") files.push(value);
    else unknownWords("docker compose", words);
  }
  const name = projectOf({ src, ...(project !== undefined && { project }) });
  const file = m.containers.read({ src, files, profiles: [] });
  if (file === undefined) throw new Trouble(14, "no configuration file provided: not found");
  if ("error" in file) throw new Trouble(15, file.error);
  const [verb, ...more] = rest;
  const flags = new Set<string>();
  const services: string[] = [];
  for (let i = 0; i < more.length; i++) {
    const word = more[i] ?? "";
    if (word === "--timeout" || word === "--pull" || word === "--wait-timeout") i++;
    else if (word.startsWith("-")) flags.add(word);
    else services.push(word);
  }
  const allowed = {
    up: ["--detach", "--quiet-pull", "--remove-orphans", "--wait"],
    stop: [],
    restart: [],
    rm: ["--stop", "--force", "--volumes"],
    down: ["--remove-orphans", "--volumes"],
  }[verb ?? ""];
  if (!allowed || [...flags].some((f) => !(allowed as string[]).includes(f))) return unknownWords("docker compose", words);
  act(m, name, file, verb ?? "", services, flags);
}

function act(
  m: FakeMachine,
  name: string,
  file: Exclude<ReturnType<typeof m.containers.read>, undefined | { error: string }>,
  verb: string,
  services: readonly string[],
  flags: ReadonlySet<string>,
): void {
  const { containers } = m;
  const meant = containers.of(name).filter((c) => services.length === 0 || services.includes(c.service));
  const known = meant.filter((c) => c.service in file.services || flags.has("--remove-orphans"));
  const drop = (gone: readonly (typeof meant)[number][]): void => {
    containers.containers = containers.containers.filter((c) => !gone.includes(c));
  };
  if (verb === "up") {
    if (flags.has("--remove-orphans")) drop(containers.of(name).filter((c) => !(c.service in file.services)));
    containers.up(name, file, services);
  } else if (verb === "stop") for (const c of known) containers.stop(c);
  else if (verb === "restart") for (const c of known) containers.start(c);
  else drop(known);
  if (verb === "down" && containers.users(`${name}_default`) === 0) containers.networks.delete(`${name}_default`);
}

export const dockerPrograms: Readonly<Record<string, Program>> = { docker };
