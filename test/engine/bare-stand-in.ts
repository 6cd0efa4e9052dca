import { nobody } from "../../src/facts/authorized-keys.ts";
import { noDockerImage } from "../../src/facts/docker-image.ts";
import { noDockerNetwork } from "../../src/facts/docker-network.ts";
import { noGroup } from "../../src/facts/group.ts";
import { notMounted } from "../../src/facts/mount.ts";
import { noPackage } from "../../src/facts/package.ts";
import { absent } from "../../src/facts/path.ts";
import { noPublicKey } from "../../src/facts/public-key.ts";
import type { Unit } from "../../src/facts/unit.ts";
import { noArchive } from "../../src/facts/unpacked.ts";
import { noUser } from "../../src/facts/user.ts";
import type { Question } from "../../src/kernel/fact.ts";
import { NoAnswer } from "../../src/kernel/fact.ts";
import type { Connect, Performed, Target, Work } from "../../src/kernel/target.ts";

const folder = { type: "directory", mode: "0755", uid: 0, gid: 0, owner: "root", group: "root", size: 0 };
const folders = ["/etc", "/srv", "/home", "/usr", "/usr/local", "/etc/systemd", "/etc/systemd/system"];
const noUnit: Omit<Unit, "id"> = {
  load: "not-found",
  active: "inactive",
  sub: "dead",
  enabled: "",
  stale: false,
  invocation: "",
  file: "",
  oneshot: false,
};

/** A stand-in for a bare machine in check mode: it only answers. What is not said otherwise, by object, is not there. */
export class BareStandIn implements Target {
  readonly counts = { roundTrips: 0, processes: 0, bytesSent: 0, bytesReceived: 0 };
  /** The objects that were asked for. */
  readonly asked: string[] = [];
  readonly #there: Readonly<Record<string, unknown>>;

  constructor(there: Readonly<Record<string, unknown>> = {}) {
    this.#there = there;
  }

  async perform(work: Work): Promise<Performed> {
    if (work.links.length > 0) throw new Error("check mode acts");
    this.asked.push(...work.ask.map((q) => q.object));
    return { status: "done", links: [], answers: new Map(work.ask.map((q) => [q.id, this.#answer(q)])) };
  }

  async close(): Promise<void> {}

  #answer(question: Question): unknown {
    return this.#there[question.object] ?? nothing(question);
  }
}

function nothing({ fact, key, object }: Question): unknown {
  switch (fact.kind) {
    case "path":
      return folders.includes(object.replace("path ", "")) ? folder : absent;
    case "account":
      return typeof key === "object" && key !== null && "name" in key ? account(String(key.name)) : { exists: true, id: 0, name: "root" };
    case "user":
      return noUser;
    case "group":
      return noGroup;
    case "authorized_keys":
      return nobody;
    case "mount":
      return notMounted;
    case "public_key":
      return noPublicKey;
    case "package":
      return noPackage;
    case "unit":
      return { id: String(key), ...noUnit };
    case "units_stale":
      return { stale: false };
    case "timer":
      return { next: "", nextUptime: "", last: "" };
    case "boot":
      return { id: "1" };
    case "docker_image":
      return noDockerImage;
    case "build_context":
      return { digest: "" };
    case "nftables":
      return { live: "", wanted: "", error: "" };
    case "docker_network":
      return noDockerNetwork;
    case "found":
      return { entries: [], examined: 0, skipped: {} };
    case "unpacked":
      return noArchive;
    case "packed":
      return { count: 0, single: false, same: false };
    case "probe":
      return { rc: 1, stdout: "", stderr: "" };
    case "offer":
    case "candidate":
      return { version: "1" };
    case "program":
      return { there: true };
    case "new_accounts":
      return new NoAnswer("not asked of the stand-in");
    default:
      throw new Error(`the stand-in has no answer to ${object}`);
  }
}

function account(name: string): unknown {
  return name === "root" ? { exists: true, id: 0, name } : { exists: false };
}

/** The way to one stand-in, whatever the host is called. */
export function only(host: BareStandIn): Connect {
  return async () => host;
}
