import PQueue from "p-queue";
import { type Diagnostic, Refused } from "../../kernel/diagnostic.ts";
import { connect } from "../../transport/connect.ts";
import { type Paint, paint } from "../../views/paint.ts";
import { visible } from "../../views/visible.ts";
import { say } from "../complain.ts";
import { connectionDefaults } from "../connectionDefaults.ts";
import { loadInventory } from "../loadInventory.ts";
import type { Outcome } from "../outcome.ts";
import { colourOf } from "../output.ts";
import type { ConnectOptions, InventoryOptions } from "../targetOptions.ts";
import { examineHost } from "./host.ts";
import type { Finding } from "./verdict.ts";

export interface DoctorOptions extends InventoryOptions, ConnectOptions {
  readonly forks: number;
}

/** Examines every host of the inventory and prints what it found. */
export async function examine(o: DoctorOptions): Promise<Outcome> {
  const { inventory } = await loadInventory(o);
  const { hosts, diagnostics } = inventory.select(o.limit ?? "all");
  if (diagnostics.length > 0) throw new Refused(...diagnostics);
  const defaults = await connectionDefaults(o);
  const width = Math.max(0, ...hosts.map((h) => h.name.length));
  const ink = paint(colourOf(process.stdout));
  let sick = 0;
  const queue = new PQueue({ concurrency: o.forks });
  await queue.addAll(
    hosts.map((host) => async () => {
      const findings = await examineHost(host, defaults, connect).catch(asFindings);
      if (findings.some((f) => f.level === "fail")) sick++;
      say(findings.flatMap((f) => lines(f, host.name.padEnd(width), ink)).join(""));
    }),
  );
  say(
    sick === 0
      ? `${hosts.length} of ${hosts.length} hosts are fit for a run\n`
      : `${sick} of ${hosts.length} hosts are not fit for a run\n`,
  );
  return { unreachable: sick > 0 };
}

/** A variable of the host that cannot be resolved concerns this host only. */
function asFindings(error: unknown): Finding[] {
  if (!(error instanceof Refused)) throw error;
  return error.diagnostics.map((d: Diagnostic) => ({ level: "fail", text: d.message, ...(d.help !== undefined && { help: d.help }) }));
}

function lines(f: Finding, host: string, ink: Paint): string[] {
  const inks = { ok: ink.ok, warn: ink.changed, fail: ink.bad };
  return [
    `${inks[f.level](f.level.padEnd(4))}  ${host}  ${visible(f.text).replaceAll("\n", " ")}\n`,
    ...(f.help === undefined ? [] : [`      ${" ".repeat(host.length)}  ${ink.strong("help:")} ${visible(f.help)}\n`]),
  ];
}
