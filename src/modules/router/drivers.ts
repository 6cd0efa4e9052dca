import type { RouterDriver } from "./driver.ts";
import { nftables } from "./nftables.ts";

/** Every kind of router. */
export const drivers = { nftables } as const satisfies Readonly<Record<string, RouterDriver>>;
