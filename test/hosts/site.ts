import { randomBytes } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { type EdgeStandIn, startEdgeStandIn } from "../cloudflare/edge-stand-in/start.ts";
import { jellyfinImage } from "../jellyfin/image.ts";
import { startHost, type TestHost } from "./host.ts";
import type { Release, Say } from "./image.ts";
import { addLeg } from "./leg.ts";
import { type Bridge, siteNetwork } from "./network.ts";
import { startSiteRouter } from "./site-router.ts";
import { standIn } from "./stand-in.ts";
import { startVisitor } from "./visitor.ts";

/** A whole home and what is around it, as inventory/demo.yml declares it. */
export interface Site {
  readonly proliant: TestHost;
  readonly nas: TestHost;
  /** The router: `lan0` and `wan0`. */
  readonly box: TestHost;
  /** Somebody from an allowed country, and somebody from another one; both only know the edge. */
  readonly visitor: TestHost;
  readonly stranger: TestHost;
  readonly edge: EdgeStandIn;
  /** The router's public address. */
  readonly wanAddress: string;
  /** The inventory's files: inventory/demo.yml, and one with the addresses and secrets of this site. */
  readonly inventories: readonly [string, string];
  /** What makes rempart believe the emulated API. */
  readonly environment: Readonly<Record<string, string>>;
  /** Removes everything but the networks, which go with the run. */
  stop(): Promise<void>;
}

export interface SiteOptions {
  /** What the NAS runs; Debian 13 when not said otherwise. */
  readonly nas?: Release;
  /** File for the second inventory. */
  readonly inventory: string;
  readonly say?: Say;
}

/** Starts bare machines in a LAN and a WAN, a router between them, two visitors, and what stands for Cloudflare. Only the proliant's media folder is there already. */
export async function startSite({ nas: nasRelease = "trixie", inventory, say = () => {} }: SiteOptions): Promise<Site> {
  const image = await jellyfinImage("sound", say);
  const [lan, wan] = [await siteNetwork("lan"), await siteNetwork("wan")];
  const at = (network: Bridge, last: number) => `${network.prefix}.${last}`;
  const [box, proliant, nas, visitor, stranger, edge] = await Promise.all([
    startSiteRouter(lan, wan),
    startHost({ release: "trixie", name: "proliant" }),
    startHost({ release: nasRelease, name: "nas" }),
    startVisitor("visitor", wan, 100),
    startVisitor("stranger", wan, 200),
    startEdgeStandIn({
      zone: "example.org",
      network: wan.name,
      address: at(wan, 10),
      countries: { [`${at(wan, 100)}/32`]: "FR", [`${at(wan, 200)}/32`]: "US" },
      say,
    }),
  ]);
  for (const [host, last] of [
    [proliant, 10],
    [nas, 20],
  ] as const)
    await addLeg(host, { network: lan, at: last, as: "lan0", via: at(lan, 1) });
  for (const host of [visitor, stranger]) await host.out(believe(edge));
  await proliant.out("mkdir -p /srv/media/films");
  const hosts = [proliant, nas, box, visitor, stranger];
  const vars = {
    lan: at(lan, 0).concat("/24"),
    proliant_address: at(lan, 10),
    nas_address: at(lan, 20),
    wan_address: at(wan, 20),
    edge_ranges: [`${at(wan, 0)}/28`],
    origin_pulls_ca: edge.authorities.pulls,
    verify: { code: edge.codeScript, results: resolve(dirname(inventory), "verify") },
    standin: { archive: standIn.archive },
    jellyfin: { image: image.name, archive: image.archive, image_id: image.id },
    ...secrets(),
  };
  const zone = { api_url: edge.apiUrl, api_token: edge.token };
  write(inventory, { all: { hosts: { zone, ...Object.fromEntries(hosts.map((h) => [h.name, h.variables()])) }, vars } });
  return {
    proliant,
    nas,
    box,
    visitor,
    stranger,
    edge,
    wanAddress: at(wan, 20),
    inventories: ["inventory/demo.yml", inventory],
    environment: edge.environment,
    stop: async () => {
      await Promise.all([edge, ...hosts].map((one) => one.stop()));
    },
  };
}

/** The visitor believes the edge's certificates, and asks its name server. */
function believe(edge: EdgeStandIn): string {
  return `cat > /usr/local/share/ca-certificates/edge.crt <<'PEM'
${edge.ca.trim()}
PEM
update-ca-certificates > /dev/null 2>&1
echo nameserver ${edge.address} > /etc/resolv.conf`;
}

/** New ones for each site: none is written anywhere but into its inventory. */
function secrets() {
  const word = () => randomBytes(18).toString("base64url");
  return { jellyfin_admin_password: word(), jellyfin_user_password: word(), backup_password: word() };
}

function write(file: string, content: unknown): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(content, null, 2)}\n`, { mode: 0o600 });
}
