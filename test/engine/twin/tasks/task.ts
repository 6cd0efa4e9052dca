import fc from "fast-check";
import { type DriftName, driftNames } from "../fake/drifts.ts";
import { accounts } from "./accounts.ts";
import { anything } from "./anything.ts";
import type { Task, Weighted } from "./argument.ts";
import { files } from "./files.ts";
import { kernel } from "./kernel.ts";
import { network } from "./network.ts";
import { packages } from "./packages.ts";
import { units } from "./units.ts";

/** What a playbook is about: tasks and disturbances that meet in the same things. */
export interface Theme {
  /** One task, without its name. */
  readonly task: fc.Arbitrary<Task>;
  readonly drifts: readonly DriftName[];
}

const areas = { files, accounts, packages, units, kernel, network } satisfies Record<keyof typeof driftNames, Weighted>;
type Area = keyof typeof areas;

function themeOf(...about: readonly Area[]): Theme {
  const weighted = [...about.flatMap((area) => areas[area]), ...anything];
  return {
    task: fc.oneof(...weighted.map(([weight, arbitrary]) => ({ weight, arbitrary }))),
    drifts: [...new Set(about.flatMap((area) => driftNames[area]))],
  };
}

export const anyTheme = themeOf("files", "accounts", "packages", "units", "kernel", "network");

export const themes: readonly Theme[] = [
  anyTheme,
  themeOf("files"),
  themeOf("files", "accounts"),
  themeOf("packages", "units"),
  themeOf("units", "files"),
  themeOf("kernel", "packages"),
  themeOf("network"),
  themeOf("network"),
];
