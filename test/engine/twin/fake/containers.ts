import { createHash } from "node:crypto";
import { parse } from "yaml";
import type { ComposeContainer, ComposeKey } from "../../../../src/facts/compose-project.ts";
import type { DockerImage } from "../../../../src/facts/docker-image.ts";
import type { DockerNetwork } from "../../../../src/facts/docker-network.ts";
import type { FakeFiles } from "./files.ts";
import { Trouble } from "./trouble.ts";

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

interface Service {
  readonly image: string;
  readonly restart?: string;
  readonly networks?: readonly string[];
}

interface ComposeFile {
  readonly services: Readonly<Record<string, Service>>;
  readonly networks: Readonly<Record<string, { readonly external?: boolean }>>;
}

export interface FakeContainer extends Mutable<ComposeContainer> {
  readonly project: string;
  readonly image: string;
  readonly networks: readonly string[];
}

/** A stand-in for the Docker engine and compose. What a container does is told by its image: ok, dies, ends, sick, well, none. */
export class FakeContainers {
  readonly networks = new Map<string, Omit<DockerNetwork, "present" | "containers">>();
  /** By the names that they are asked for with. */
  readonly images = new Map<string, DockerImage>();
  containers: FakeContainer[] = [];
  readonly #files: FakeFiles;
  #starts = 0;
  #chosen = 17;

  constructor(files: FakeFiles) {
    this.#files = files;
  }

  /** The files of a project: what they say, why they are refused, or undefined when there are none. */
  read(key: ComposeKey): ComposeFile | { readonly error: string } | undefined {
    if (this.#files.through(key.src)?.kind !== "directory") return undefined;
    const paths = key.files.length > 0 ? key.files.map((f) => (f.startsWith("/") ? f : `${key.src}/${f}`)) : [`${key.src}/compose.yml`];
    const texts = paths.map((p) => this.#files.text(p));
    const all: { services: Record<string, Service>; networks: ComposeFile["networks"] } = { services: {}, networks: {} };
    for (const text of texts) {
      if (text === undefined) return undefined;
      try {
        const file = parse(text) as Partial<ComposeFile> | null;
        if (typeof file !== "object" || !file?.services) return { error: "empty compose file" };
        Object.assign(all.services, file.services);
        Object.assign(all.networks, file.networks);
      } catch {
        return { error: "yaml: line 1: did not find expected node content" };
      }
    }
    return all;
  }

  hashes(file: ComposeFile): Record<string, string> {
    return Object.fromEntries(
      Object.entries(file.services).map(([name, s]) => [name, createHash("sha256").update(JSON.stringify(s)).digest("hex")]),
    );
  }

  of(project: string): FakeContainer[] {
    return this.containers.filter((c) => c.project === project);
  }

  /** Running containers in a network. */
  users(network: string): number {
    return this.containers.filter((c) => c.state === "running" && c.networks.includes(network)).length;
  }

  addNetwork(name: string, network: Omit<DockerNetwork, "present" | "containers">): void {
    if (this.networks.has(name)) throw new Trouble(1, `Error response from daemon: network with name ${name} already exists`);
    const subnet = network.ipam?.[0]?.Subnet ?? `172.${++this.#chosen}.0.0/16`;
    if ([...this.networks.values()].some((n) => n.ipam?.[0]?.Subnet === subnet))
      throw new Trouble(1, "Error response from daemon: Pool overlaps with other one on this address space");
    const gateway = network.ipam?.[0]?.Gateway ?? `${String(subnet).split(".").slice(0, 3).join(".")}.1`;
    this.networks.set(name, { ...network, ipam: [{ ...network.ipam?.[0], Subnet: subnet, Gateway: gateway }] });
  }

  up(project: string, file: ComposeFile, services: readonly string[]): void {
    const meant = services.length > 0 ? services : Object.keys(file.services);
    for (const [name, { external }] of Object.entries(file.networks))
      if (external && !this.networks.has(name)) throw new Trouble(1, `network ${name} declared as external, but could not be found`);
    const own = `${project}_default`;
    if (!this.networks.has(own))
      this.addNetwork(own, {
        driver: "bridge",
        internal: false,
        ipv6: false,
        ipam: null,
        options: {},
        labels: { "com.docker.compose.project": project },
      });
    const hashes = this.hashes(file);
    for (const name of meant) {
      const service = file.services[name];
      if (!service) throw new Trouble(1, `no such service: ${name}`);
      if (service.image === "none") throw new Trouble(1, "Error response from daemon: manifest unknown");
      const hash = hashes[name] ?? "";
      const there = this.of(project).find((c) => c.service === name);
      if (there && there.hash === hash && there.state === "running") continue;
      if (there) this.containers = this.containers.filter((c) => c !== there);
      const made: FakeContainer = {
        project,
        service: name,
        image: service.image,
        hash,
        state: "created",
        exitCode: 0,
        health: "none",
        restart: service.restart ?? "no",
        startedAt: "",
        networks: service.networks ?? [own],
      };
      this.containers.push(made);
      this.start(made);
    }
  }

  start(c: FakeContainer): void {
    Object.assign(c, {
      state: "running",
      exitCode: 0,
      health: c.image === "sick" || c.image === "well" ? "starting" : "none",
      startedAt: `start-${++this.#starts}`,
    });
  }

  stop(c: FakeContainer): void {
    if (c.state === "running") Object.assign(c, { state: "exited", exitCode: 137, health: "none" });
  }

  /** Time passes: who ends has ended, who is ill shows it. */
  settle(): void {
    for (const c of this.containers.filter((x) => x.state === "running")) {
      if (c.image === "dies") Object.assign(c, { state: "exited", exitCode: 1 });
      if (c.image === "ends") Object.assign(c, { state: "exited", exitCode: 0 });
      if (c.health === "starting") c.health = c.image === "sick" ? "unhealthy" : "healthy";
    }
  }

  dump(): unknown {
    return {
      networks: [...this.networks].map((n) => JSON.stringify(n)).sort(),
      containers: this.containers,
      images: [...this.images].map((i) => JSON.stringify(i)).sort(),
    };
  }
}
