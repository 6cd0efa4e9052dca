import { randomBytes } from "node:crypto";
import { existsSync, mkdirSync, realpathSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { $ } from "zx";
import { ensureImage, hostImage, type Say } from "../../hosts/image.ts";
import { currentRun } from "../../hosts/run.ts";
import type { Authorities, EdgeOptions, Mail, Passed } from "./options.ts";

export interface ContainerOptions extends EdgeOptions {
  /** Docker network of the visitors and of the router's outer side. */
  readonly network: string;
  /** The stand-in's fixed address there: 80, 443 and DNS (UDP 53) for visitors. */
  readonly address: string;
  /** Further network, by which the API and `mailbox` are reached when the first is not for that. Both answer in the first as well. */
  readonly control?: { readonly network: string; readonly address: string };
  /** Name of the container in its networks; `edge` when not given. */
  readonly name?: string;
  readonly say?: Say;
}

/** The running stand-in. */
export interface EdgeStandIn {
  readonly container: string;
  /** Where visitors find it. */
  readonly address: string;
  /** For a host's `api_url`; its certificate is of `ca`, so programs that use it want `environment`. */
  readonly apiUrl: string;
  /** For that host's `api_token`. */
  readonly token: string;
  /** `NODE_EXTRA_CA_CERTS` with `caFile`: what makes rempart believe `apiUrl`. */
  readonly environment: Readonly<Record<string, string>>;
  /** PEM of the authority that visitors must believe, and a file with it. */
  readonly ca: string;
  readonly caFile: string;
  /** All of its authorities; `pulls` is what a server checks the edge's client certificate against. */
  readonly authorities: Authorities;
  /** `GET` gives the outbox as JSON: a list of `Mail`. Stands for the mailboxes of all visitors. */
  readonly mailbox: string;
  /** For the role verify's option `code`: prints the newest code for $EMAIL since $SINCE, or ends with 1. Wants curl. */
  readonly codeScript: string;
  /** E-mails with codes, oldest first. */
  outbox(): Promise<readonly Mail[]>;
  /** Visitors' requests, oldest first. */
  requests(): Promise<readonly Passed[]>;
  /** What it met and refused to interpret, with where it stood: must be empty at the end of a test. */
  unknown(): Promise<readonly string[]>;
  /** Requests to the API that were meant to change something, as `METHOD /path`, oldest first. */
  writes(): Promise<readonly string[]>;
  /** Answers of the API's emulator that the API's description does not allow: a bug in it. */
  faults(): Promise<readonly string[]>;
  /** Removes the container. */
  stop(): Promise<void>;
}

const root = join(import.meta.dirname, "../../..");
const node = join(root, "node_modules/node/bin/node");
const description = join(root, "../shared/cloudflare");

/** Starts Cloudflare's stand-in, edge and API in one process, in a container of the run. */
export async function startEdgeStandIn(options: ContainerOptions): Promise<EdgeStandIn> {
  const { network, address, control, name = "edge", say = () => {}, ...rest } = options;
  const token = rest.token ?? randomBytes(20).toString("hex");
  const image = await ensureImage("../cloudflare/edge-stand-in/image", "rempart-edge-stand-in", say, async () => ({
    BASE: await hostImage("trixie", say),
  }));
  const run = currentRun();
  const container = `rempart-${run.id}-${name}-${randomBytes(2).toString("hex")}`;
  const folder = join(run.folder, container);
  mkdirSync(folder, { mode: 0o700 });
  writeFileSync(join(folder, "options.json"), JSON.stringify({ ...rest, token, addresses: [address, control?.address].filter(Boolean) }));
  const labels = Object.entries(run.labels).flatMap(([key, value]) => ["--label", `${key}=${value}`]);
  const mounts = [`${root}:${root}:ro`, `${folder}:${folder}:ro`, ...documentMount()].flatMap((m) => ["-v", m]);
  const place = ["--network", network, "--ip", address, "--network-alias", name, "--hostname", name];
  const program = [node, join(import.meta.dirname, "main.ts"), join(folder, "options.json")];
  const quiet = $({ quiet: true });
  await quiet`docker create --init --name ${container} ${place} ${labels} ${mounts} ${image} ${program}`;
  if (control) await quiet`docker network connect --ip ${control.address} --alias ${name} ${control.network} ${container}`;
  await quiet`docker start ${container}`;
  const base = `http://${control?.address ?? address}:8025`;
  const ask = async (what: string) => (await fetch(`${base}/${what}`, { signal: AbortSignal.timeout(10_000) })).json();
  const authorities = await answered(container, () => ask("authorities") as Promise<Authorities>);
  const caFile = join(folder, "edge.pem");
  writeFileSync(caFile, authorities.edge);
  return {
    container,
    address,
    apiUrl: `https://${control?.address ?? address}:8443/client/v4`,
    token,
    environment: { NODE_EXTRA_CA_CERTS: caFile },
    ca: authorities.edge,
    caFile,
    authorities,
    mailbox: `${base}/outbox`,
    // The code is JSON: six digits in quotes.
    codeScript: `code=$(curl -sf -G --max-time 10 --data-urlencode "to=$EMAIL" --data-urlencode "since=$SINCE" ${base}/code) || { [ $? -eq 22 ] && exit 1; exit 2; }; printf '%s\\n' "$code" | tr -d '"'`,
    outbox: () => ask("outbox") as Promise<Mail[]>,
    requests: () => ask("requests") as Promise<Passed[]>,
    unknown: () => ask("unknown") as Promise<string[]>,
    writes: () => ask("writes") as Promise<string[]>,
    faults: () => ask("faults") as Promise<string[]>,
    async stop() {
      await $({ quiet: true, nothrow: true })`docker rm -f -v ${container}`;
    },
  };
}

/** The description of the API, where this machine has it. */
function documentMount(): string[] {
  return existsSync(description) ? [`${realpathSync(description)}:${description}:ro`] : [];
}

async function answered<T>(container: string, ask: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await ask();
    } catch (error) {
      const quiet = $({ quiet: true, nothrow: true });
      const running = (await quiet`docker inspect --format ${"{{.State.Running}}"} ${container}`).stdout.trim();
      if (running === "true" && tries < 100) await sleep(200);
      else
        throw new Error(`the edge's stand-in does not answer: ${(await quiet`docker logs --tail 20 ${container}`).stderr}`, {
          cause: error,
        });
    }
  }
}
