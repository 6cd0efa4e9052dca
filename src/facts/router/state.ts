/** A port, or the first and the last of a range. */
export type Ports = readonly [first: number, last: number];

/** Packets to a port of the public IPv4 address go to a machine in the LAN. */
export interface Forward {
  /** The router's own word for the entry: a number, a uuid, a section. null in a prediction: the router chooses. */
  readonly id: string | null;
  /** The name that a task gave it, read from our mark; null: somebody else made it. */
  readonly name: string | null;
  /** What the router shows of it, mark included. */
  readonly label: string;
  readonly protocol: "tcp" | "udp" | "both";
  readonly wan: Ports;
  readonly to: string;
  /** The first port there; a range goes to a range of the same length. */
  readonly port: number;
  /** The only address or range that may use it; null: everybody. */
  readonly source: string | null;
  readonly enabled: boolean;
}

/** A machine in the LAN that always gets the same address. */
export interface Reservation {
  readonly id: string | null;
  readonly name: string | null;
  readonly label: string;
  /** Lower case, with colons. */
  readonly mac: string;
  readonly ip: string;
}

/** An opening of the router's IPv6 firewall towards one address. */
export interface Pinhole {
  readonly id: string | null;
  readonly name: string | null;
  readonly label: string;
  readonly protocol: "tcp" | "udp" | "both";
  readonly to: string;
  readonly ports: Ports;
  readonly enabled: boolean;
}

/** What the line is like. null: the router does not tell. */
export interface Line {
  /** The address on the side of the provider. */
  readonly ipv4: string | null;
  /** The ports that reach this customer; null: all. */
  readonly ports: Ports | null;
  /** `2001:db8:1::/56` */
  readonly prefix: string | null;
  /** Whether packets from outside are dropped where nothing was opened. */
  readonly firewall6: boolean | null;
  /** Whether every machine in the LAN may open ports by itself. */
  readonly upnp: boolean | null;
  readonly firmware: string | null;
}

/** A router in one form, whatever its maker calls things. */
export interface RouterState {
  readonly forwards: readonly Forward[];
  /** null: this way to the router tells none. */
  readonly reservations: readonly Reservation[] | null;
  readonly pinholes: readonly Pinhole[] | null;
  readonly line: Line;
  /** Written, but not in force or not kept: an earlier write was cut off, or the tables were changed behind the configuration. */
  readonly unsettled: boolean;
  /** Ids of other things that a driver needs to write: the rule that a new one goes in front of, the subnet of a reservation. */
  readonly handles?: Readonly<Record<string, string>>;
  /** What the router printed, word for word, as it is compared with later. Absent in a prediction. */
  readonly record?: string;
}

export const noLine: Line = { ipv4: null, ports: null, prefix: null, firewall6: null, upnp: null, firmware: null };

/** What is written where the router keeps a description: `rempart: https`, `rempart: https - for the proxy`. */
export function labelOf(name: string, comment = ""): string {
  return `rempart: ${name}${comment === "" ? "" : ` - ${comment}`}`;
}

/** The name in a description that carries our mark, else null. */
export function nameIn(label: string): string | null {
  return /^rempart: ([a-z0-9][a-z0-9-]*)( - .*)?$/.exec(label.trim())?.[1] ?? null;
}
