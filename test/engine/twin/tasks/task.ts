import fc from "fast-check";
import { type DriftName, driftNames } from "../fake/drifts.ts";
import { accounts } from "./accounts.ts";
import { anything } from "./anything.ts";
import type { Task, Weighted } from "./argument.ts";
import { files } from "./files.ts";
import { kernel } from "./kernel.ts";
import { network } from "./network.ts";
import { packages } from "./packages.ts";
import { predictable } from "./predictable.ts";
import { units } from "./units.ts";

/** What a playbook is about: tasks and disturbances that meet in the same things. */
export interface Theme {
  /** One task, without its name. */
  readonly task: fc.Arbitrary<Task>;
  readonly drifts: readonly DriftName[];
  /** What most tasks need to get anywhere. */
  readonly ground: readonly DriftName[];
}

const areas = { files, accounts, packages, units, kernel, network } satisfies Record<keyof typeof driftNames, Weighted>;
type Area = keyof typeof areas;

const ground: Readonly<Record<Area, readonly DriftName[]>> = {
  files: ["folder d1", "setgid d2", "link", "text in a"],
  accounts: ["group labs", "user late"],
  packages: ["tool", "webd"],
  units: ["unit app", "app runs"],
  kernel: ["bridge"],
  network: ["ufw", "docker", "nft", "compose file", "net media", "compose up"],
};

const every = Object.keys(areas) as Area[];

function themeOf(about: readonly Area[], weighted: Weighted): Theme {
  return {
    task: fc.oneof(...weighted.map(([weight, arbitrary]) => ({ weight, arbitrary }))),
    drifts: [...new Set(about.flatMap((area) => driftNames[area]))],
    ground: about.flatMap((area) => ground[area]),
  };
}

function themeOn(...about: readonly Area[]): Theme {
  return themeOf(about, [...about.flatMap((area) => areas[area].map(([weight, task]) => [3 * weight, task] as const)), ...anything]);
}

export const anyTheme = themeOn(...every);

/** Drawn evenly. */
export const themes: readonly Theme[] = [
  anyTheme,
  themeOf(every, predictable),
  themeOf(every, predictable),
  themeOf(["files"], predictable.slice(0, 6)),
  themeOn("files"),
  themeOn("files", "accounts"),
  themeOn("packages", "units"),
  themeOn("units", "files"),
  themeOn("kernel", "packages"),
  themeOn("network"),
];
