import type { RouterDriver } from "./driver.ts";
import { freebox } from "./freebox.ts";
import { nftables } from "./nftables.ts";
import { opnsense } from "./opnsense.ts";
import { routeros } from "./routeros.ts";

/** Every kind of router. */
export const drivers = { nftables, freebox, routeros, opnsense } as const satisfies Readonly<Record<string, RouterDriver>>;
