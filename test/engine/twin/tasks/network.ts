import fc from "fast-check";
import { digestOf } from "../fake/images.ts";
import { maybe, of, one, type Weighted } from "./argument.ts";

const compose = (services: unknown, networks?: unknown): string =>
  JSON.stringify({ services, ...(networks !== undefined && { networks }) });

const router = { driver: one("nftables", "nftables", "nftables", "openwrt"), wan: one("wan0", "wan0", "wan0", "wan1") };
const forward = { wan_port: one(443, 443, 80, "6000-6010"), to: one("192.168.1.10", "192.168.1.11"), static: one(true, false) };

export const network: Weighted = [
  [2, of("router_forward", { ...router, ...forward, name: one("https", "other"), source: maybe(one("198.51.100.0/24")) })],
  [1, of("router_forward", { ...router, name: one("https", "other"), state: one("absent") })],
  [1, of("router_forward", { ...router, forwards: one([], [{ name: "https", wan_port: 443, to: "192.168.1.10", static: true }]) })],
  [1, of("router_reservation", { ...router, name: one("server"), mac: one("02:00:00:00:00:0a"), ip: one("192.168.1.10", "192.168.1.11") })],
  [1, of("router_reservation", { ...router, name: one("server"), state: one("absent") })],
  [1, of("router_pinhole", { ...router, name: one("nginx", "nginx", "other"), to: one("2001:db8::10", "2001:db9::10") })],
  [1, of("router_pinhole", { ...router, name: one("nginx"), state: one("absent") })],
  [1, of("router_facts", router)],
  [
    3,
    of("ufw", {
      rule: one("allow", "limit", "deny"),
      port: one(22, "80,443"),
      proto: one("tcp"),
      from_ip: maybe(one("192.168.1.0/24", "any")),
      comment: maybe(one("SSH")),
      delete: maybe(fc.boolean()),
    }),
  ],
  [1, of("ufw", { rule: one("allow"), port: one(80), proto: one("tcp"), insert: one(1, 9) })],
  [1, of("ufw", { rule: one("allow"), route: one(true), interface_in: one("eth0"), interface_out: one("eth1"), log: maybe(fc.boolean()) })],
  [
    2,
    of("ufw", {
      state: maybe(one("enabled", "disabled", "reloaded")),
      default: one("deny", "reject"),
      direction: maybe(one("incoming", "outgoing")),
      logging: maybe(one("on", "high")),
    }),
  ],
  [
    3,
    of("nftables", {
      name: one("edge", "edge", "own"),
      chains: one(
        [{ name: "input", rules: ["tcp dport 80 accept"] }],
        [{ name: "input", type: "filter", hook: "input", priority: 0, policy: "drop", rules: ["ct state established accept"] }],
        [{ name: "input", rules: ["wrong"] }],
      ),
      sets: maybe(one([{ name: "lan", type: "ipv4_addr", flags: ["interval"], elements: ["192.168.1.0/24"] }])),
      persist: maybe(one("unit", "include", "none")),
    }),
  ],
  [1, of("nftables", { name: one("edge", "own"), state: one("absent"), persist: maybe(one("include")) })],
  [
    3,
    of("docker_network", {
      name: one("media", "media", "app_default"),
      subnet: maybe(one("172.30.0.0/24", "172.31.0.0/24")),
      internal: maybe(fc.boolean()),
      labels: maybe(one({ a: "b" })),
      driver_options: maybe(one({ "com.docker.network.bridge.name": "br-m" })),
    }),
  ],
  [
    2,
    of("docker_image", {
      name: one("web"),
      tag: one("1", "2"),
      digest: maybe(one(digestOf("web"), digestOf("other"))),
      source: one("pull"),
    }),
  ],
  [1, of("docker_image", { name: one("loaded:1"), source: one("load"), load_path: one("/lab/a", "/lab/none") })],
  [1, of("docker_image", { name: one("edge:1"), source: one("build"), build: one({ path: "/srv/app" }) })],
  [1, of("docker_image", { name: one("web:1", "edge:1", "loaded:1"), state: one("absent") })],
  [1, of("copy", { dest: one("/srv/app/Dockerfile"), content: one("FROM web:1\n", "FROM web:2\n") })],
  [1, of("docker_network", { name: one("media", "app_default"), state: one("absent") })],
  [
    3,
    of("copy", {
      dest: one("/srv/app/compose.yml"),
      content: one(
        compose({ web: { image: "ok", restart: "always" } }),
        compose({ web: { image: "ok" }, db: { image: "well", networks: ["media"] } }, { media: { external: true } }),
        compose({ web: { image: "dies" } }),
        compose({ job: { image: "ends" }, db: { image: "sick" } }),
        compose({ web: { image: "ok" }, lost: { image: "none" } }),
        "services: {",
      ),
    }),
  ],
  [
    4,
    of("docker_compose", {
      project_src: one("/srv/app"),
      state: one("present", "present", "present", "stopped", "absent", "restarted"),
      services: maybe(one(["web"], ["db"])),
      remove_orphans: maybe(fc.boolean()),
      project_name: maybe(one("other")),
      pull: maybe(one("always")),
      timeout: maybe(one(5)),
    }),
  ],
];
