import type { RouterDriver } from "./driver.ts";
import { freebox } from "./freebox.ts";
import { nftables } from "./nftables.ts";

/** Every kind of router. */
export const drivers = { nftables, freebox } as const satisfies Readonly<Record<string, RouterDriver>>;
