import { freebox } from "./freebox.ts";
import type { RouterDoor } from "./open.ts";

/** How each kind of router is entered. */
export const doors = { freebox } as const satisfies Readonly<Record<string, RouterDoor>>;
