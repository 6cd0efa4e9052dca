import { bbox } from "./bbox.ts";
import type { RouterDriver } from "./driver.ts";
import { freebox } from "./freebox.ts";
import { livebox } from "./livebox.ts";
import { nftables } from "./nftables.ts";
import { openwrt } from "./openwrt.ts";
import { opnsense } from "./opnsense.ts";
import { routeros } from "./routeros.ts";
import { upnp } from "./upnp.ts";

/** Every kind of router. */
export const drivers = { nftables, openwrt, upnp, freebox, livebox, bbox, routeros, opnsense } as const satisfies Readonly<
  Record<string, RouterDriver>
>;
