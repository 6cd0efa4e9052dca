import { z } from "zod";
import type { Ports } from "../../facts/router/state.ts";
import type { RouterDriver, RouterPlace } from "./driver.ts";
import { drivers } from "./drivers.ts";

/** The arguments that say which router it is. */
export const placeFields = {
  driver: z.enum(Object.keys(drivers) as [keyof typeof drivers]).describe("Kind of router."),
  wan: z
    .string()
    .regex(/^[A-Za-z0-9_.@-]*$/, "name an interface, eth0")
    .optional()
    .describe(
      "The side of the provider, in the router's own word. nftables: the interface, which must be given. openwrt: the zone, default `wan`. routeros: the list of interfaces, default `WAN`. opnsense: the interface, default `wan`.",
    ),
  lan: z
    .string()
    .regex(/^[A-Za-z0-9_.@-]*$/, "name an interface, eth1")
    .optional()
    .describe("The side of the LAN. openwrt and opnsense: default `lan`. routeros: the DHCP server, default `all`."),
  igd: z
    .string()
    .regex(/^(https?:\/\/\S+)?$/, "an address begins with http://")
    .optional()
    .describe("upnp: address of the device description, `http://192.168.1.1:5000/rootDesc.xml`."),
};

type PlaceArguments = { readonly [F in keyof typeof placeFields]?: z.output<(typeof placeFields)[F]> };

/** What a driver needs and was not given: the refinement of every module of a router. */
export function missingPlace(a: PlaceArguments): keyof RouterPlace | undefined {
  const { place } = driverOf(a);
  return (["wan", "lan", "igd"] as const).find((name) => (a[name] ?? "") === "" && place[name] === undefined);
}

export function driverOf(a: PlaceArguments): RouterDriver {
  return drivers[a.driver as keyof typeof drivers];
}

export function placeOf(a: PlaceArguments): RouterPlace {
  const { place } = driverOf(a);
  const given = (name: keyof RouterPlace): string => (a[name] ?? "") || (place[name] ?? "");
  return { wan: given("wan"), lan: given("lan"), igd: given("igd") };
}

export const entryName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,30}$/, "a name has small letters, digits and -, at most 31 of them")
  .describe("Name of the entry: it is found again by it.");

export const comment = z
  .string()
  .regex(/^[A-Za-z0-9 .,_/+-]{0,40}$/, "a comment has at most 40 letters, digits, blanks and . , _ / + -")
  .default("")
  .describe("Written behind the name where the router keeps a description.");

const port = z.int().min(1).max(65535);

export const ports = z
  .union([port, z.string().regex(/^\d{1,5}(-\d{1,5})?$/, "a range is written 6000-6010")])
  .transform((given, context): Ports => {
    const [first = 0, last = first] = String(given).split("-").map(Number);
    if (first < 1 || last > 65535 || last < first)
      context.addIssue({ code: "custom", message: "ports are 1 to 65535, the lower one first" });
    return [first, last];
  });

/** An argument that may be left out; null counts as left out, as an option of a role has it that nobody sets. */
function given<T extends z.ZodType>(type: T) {
  return type.nullish().transform((value): z.output<T> | undefined => value ?? undefined);
}

export const forwardFields = {
  protocol: z.enum(["tcp", "udp"]).default("tcp").describe("Protocol."),
  wan_port: ports.describe("Port of the public address, or a range of them: `443`, `6000-6010`."),
  to: z.ipv4("an IPv4 address is written 192.168.1.10").describe("Address in the LAN."),
  to_port: given(port).describe("Port there; the same as outside when it is not given. A range keeps its numbers."),
  source: given(z.union([z.ipv4(), z.cidrv4()], "a source is written 198.51.100.7 or 198.51.100.0/24")).describe(
    "The only address or range that may use it; everybody when it is not given.",
  ),
  comment,
  static: z
    .boolean()
    .default(false)
    .describe("The machine has this address by its own settings. Without it the router must have it reserved."),
};

/** Ports of the applications behind the proxy and of administration: none of them is ever opened. */
export const forbiddenPorts = [22, 81, 3000, 7575, 7878, 8080, 8096, 8191, 8694, 8920, 8989, 9090, 9696];

export const forbidden = z.array(port).default(forbiddenPorts).describe("Ports that are never opened, outside or inside.");
