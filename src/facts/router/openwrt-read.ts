import { portsOf } from "./json.ts";
import { plainAddress, prefixOf } from "./prefix.ts";
import { type Forward, nameIn, type Pinhole, type Reservation, type RouterState } from "./state.ts";

/** A section of uci: its kind, its name, its options. */
interface Section {
  readonly kind: string;
  readonly name: string;
  readonly options: Readonly<Record<string, string>>;
}

/** The state that these lines tell. */
export function readOpenwrt(text: string, { wan }: { readonly wan: string }): RouterState {
  const told = (letter: string): string[] => text.split("\n").flatMap((line) => (line.startsWith(`${letter} `) ? [line.slice(2)] : []));
  const firewall = sections(told("f"));
  const zone = firewall.find((s) => s.kind === "zone" && s.options.name === wan);
  const prefix = told("p")[0]?.replace(/\/$/, "") ?? "";
  const upnp = told("u")[0] ?? "";
  const changes = told("c");
  return {
    forwards: firewall
      .filter((s) => s.kind === "redirect" && s.options.src === wan && (s.options.target ?? "DNAT") === "DNAT")
      .map(forwardOf),
    reservations: sections(told("h"))
      .filter((s) => s.kind === "host" && s.options.mac && s.options.ip)
      .map(reservationOf),
    pinholes: firewall.filter((s) => opens(s, wan)).map(pinholeOf),
    line: {
      ipv4: told("a")[0] || null,
      ports: null,
      prefix: prefix === "" ? null : prefixOf(prefix),
      firewall6: zone ? zone.options.forward !== "ACCEPT" : null,
      upnp: upnp === "" ? false : upnp === "1",
      firmware: told("v")[0] ?? null,
    },
    unsettled: told("t").length > 0,
    handles: { ...(changes.length > 0 && { staged: changes.join(", ") }), ...(told("t").length > 0 && { untold: told("t").join(" ") }) },
  };
}

/** `firewall.NAME=kind` and `firewall.NAME.option='value'`; a section without a name is `cfg0a1b2c` or `@rule[3]`. */
function sections(lines: readonly string[]): Section[] {
  const found = new Map<string, { kind: string; options: Record<string, string> }>();
  for (const line of lines) {
    const [, name = "", option, value = ""] = /^\w+\.([^.=]+)(?:\.(\w+))?=(.*)$/.exec(line) ?? [];
    if (name === "") continue;
    const section = found.get(name) ?? { kind: "", options: {} };
    if (option === undefined) section.kind = value;
    else section.options[option] = value.replace(/^'|'$/g, "").replaceAll("'\\''", "'");
    found.set(name, section);
  }
  return [...found].map(([name, s]) => ({ name, ...s }));
}

function protocolOf({ proto = "tcp udp" }: Readonly<Record<string, string>>): "tcp" | "udp" | "both" {
  return proto === "tcp" || proto === "udp" ? proto : "both";
}

function forwardOf({ name, options }: Section): Forward {
  const label = options.name ?? `section ${name}`;
  const wan = portsOf(options.src_dport) ?? [1, 65535];
  return {
    id: name,
    name: nameIn(label),
    label,
    protocol: protocolOf(options),
    wan,
    to: options.dest_ip ?? "",
    port: portsOf(options.dest_port)?.[0] ?? wan[0],
    source: options.src_ip ?? null,
    enabled: options.enabled !== "0",
  };
}

/** A host has no description: the name of the section carries the mark, `rempart_server`. */
function reservationOf({ name, options }: Section): Reservation {
  const ours = /^rempart_([a-z0-9_]+)$/.exec(name)?.[1]?.replaceAll("_", "-") ?? null;
  return {
    id: name,
    name: ours,
    label: ours === null ? (options.name ?? `section ${name}`) : `rempart: ${ours}`,
    mac: (options.mac ?? "").toLowerCase(),
    ip: options.ip ?? "",
  };
}

/** A rule that lets packets from the provider's side through to a port. */
function opens({ kind, options }: Section, wan: string): boolean {
  return (
    kind === "rule" &&
    options.src === wan &&
    options.dest !== undefined &&
    options.target === "ACCEPT" &&
    options.dest_port !== undefined &&
    options.family !== "ipv4"
  );
}

function pinholeOf({ name, options }: Section): Pinhole {
  const label = options.name ?? `section ${name}`;
  return {
    id: name,
    name: nameIn(label),
    label,
    protocol: protocolOf(options),
    to: plainAddress(options.dest_ip ?? ""),
    ports: portsOf(options.dest_port) ?? [1, 65535],
    enabled: options.enabled !== "0",
  };
}
