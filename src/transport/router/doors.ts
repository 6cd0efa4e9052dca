import { bbox } from "./bbox.ts";
import { freebox } from "./freebox.ts";
import { livebox } from "./livebox.ts";
import type { RouterDoor } from "./open.ts";
import { opnsense } from "./opnsense.ts";
import { routeros } from "./routeros.ts";

/** How each kind of router is entered. */
export const doors = { freebox, livebox, bbox, routeros, opnsense } as const satisfies Readonly<Record<string, RouterDoor>>;
