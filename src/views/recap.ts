import type { HostRecap } from "../kernel/event.ts";
import { duration } from "./duration.ts";
import type { Paint } from "./paint.ts";

type Counted = "ok" | "changed" | "maybe" | "skipped" | "failed" | "unreachable" | "ignored" | "rescued" | "roundTrips" | "processes";

interface Column {
  readonly field: Counted;
  readonly title: string;
  readonly ink?: "ok" | "changed" | "bad";
  /** Shown only when a host has some. */
  readonly rare?: true;
}

const table: readonly Column[] = [
  { field: "ok", title: "ok", ink: "ok" },
  { field: "changed", title: "changed", ink: "changed" },
  { field: "maybe", title: "maybe", ink: "changed" },
  { field: "skipped", title: "skipped" },
  { field: "failed", title: "failed", ink: "bad" },
  { field: "unreachable", title: "unreachable", ink: "bad" },
  { field: "ignored", title: "ignored", ink: "changed", rare: true },
  { field: "rescued", title: "rescued", ink: "changed", rare: true },
  { field: "roundTrips", title: "round trips" },
  { field: "processes", title: "processes" },
];

/** The table at the end of a run: a row per host, then the time. Without a newline at the end. */
export function recapLines(hosts: Readonly<Record<string, HostRecap>>, seconds: number, check: boolean, ink: Paint): string[] {
  const names = Object.keys(hosts);
  const shown = table
    .filter((c) => !c.rare || Object.values(hosts).some((h) => h[c.field] > 0))
    .map((c) => (c.field === "changed" && check ? { ...c, title: "would change" } : c));
  const nameWidth = Math.max("host".length, ...names.map((n) => n.length));
  const widthOf = (c: Column): number => Math.max(c.title.length, ...Object.values(hosts).map((h) => String(h[c.field]).length));
  const row =
    (h: HostRecap) =>
    (c: Column): string => {
      const cell = String(h[c.field]).padStart(widthOf(c));
      return h[c.field] === 0 ? ink.dim(cell) : c.ink ? ink[c.ink](cell) : cell;
    };
  const head = [`${"host".padEnd(nameWidth)}`, ...shown.map((c) => c.title.padStart(widthOf(c)))].join("  ");
  const rows = Object.entries(hosts).map(([name, h]) => [name.padEnd(nameWidth), ...shown.map(row(h))].join("  "));
  return [ink.strong(head), ...rows, `${check ? "checked" : "done"} in ${duration(seconds)}${check ? ", nothing was changed" : ""}`];
}
