import type { Forward, Ports } from "../../facts/router/state.ts";

/** `443`, `6000-6010` */
export function portText([first, last]: Ports): string {
  return first === last ? String(first) : `${first}-${last}`;
}

export function overlap(a: Ports, b: Ports): boolean {
  return a[0] <= b[1] && b[0] <= a[1];
}

/** The ports in the LAN that a forward leads to. */
export function targetPorts(f: Pick<Forward, "wan" | "port">): Ports {
  return [f.port, f.port + f.wan[1] - f.wan[0]];
}

/** `tcp 443 to 192.168.1.10:8443` */
export function forwardText(f: Forward): string {
  return `${f.protocol === "both" ? "tcp and udp" : f.protocol} ${portText(f.wan)} to ${f.to}:${portText(targetPorts(f))}`;
}

/** Would a packet meet both? */
export function collide(a: Forward, b: Forward): boolean {
  const protocols = a.protocol === b.protocol || a.protocol === "both" || b.protocol === "both";
  const sources = a.source === null || b.source === null || a.source === b.source;
  return protocols && sources && overlap(a.wan, b.wan);
}
