import fc from "fast-check";
import { accounts } from "./accounts.ts";
import { anything } from "./anything.ts";
import type { Task } from "./argument.ts";
import { files } from "./files.ts";
import { network } from "./network.ts";
import { packages } from "./packages.ts";
import { units } from "./units.ts";

/** One task of any module, without its name. */
export const task: fc.Arbitrary<Task> = fc.oneof(
  ...[...files, ...accounts, ...packages, ...units, ...network, ...anything].map(([weight, arbitrary]) => ({ weight, arbitrary })),
);
