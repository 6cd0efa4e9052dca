import type { TestHost } from "../hosts/host.ts";
import type { Release } from "../hosts/image.ts";
import type { Rempart } from "./rempart.ts";

/** A host with the role docker on it, the stand-in and a careless container, which the parts of docker.hosts.test.ts hand on. */
export interface EngineUnderTest {
  readonly release: Release;
  /** Words that limit a run to docker and the stand-in. */
  readonly part: readonly string[];
  readonly host: () => TestHost;
  readonly rempart: () => Rempart;
  /** The same where the careless container is waived. */
  readonly watched: () => Rempart;
}

/** systemd lets the engine start three times a minute unless its count is set back. */
export const uncount = "systemctl reset-failed docker.service";
export const restart = `${uncount} && systemctl restart docker`;
