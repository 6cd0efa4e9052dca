import { spawn } from "node:child_process";
import { join } from "node:path";
import { stripVTControlCharacters, styleText } from "node:util";
import { type RecapRow, readRecap } from "./recap-table.ts";

/** How one run of rempart ended. */
export interface Ran {
  readonly title: string;
  readonly exitCode: number;
  readonly seconds: number;
  readonly rows: ReadonlyMap<string, RecapRow>;
  readonly output: string;
}

export const root = join(import.meta.dirname, "../..");

export function heading(text: string): void {
  process.stdout.write(`\n${styleText(["bold", "cyan"], `== ${text}`)}\n`);
}

export function say(text: string): void {
  process.stdout.write(`${styleText("dim", text)}\n`);
}

/** Runs the command line as a person would, shows all that it prints, and reads the table at its end. */
export async function rempart(title: string, words: readonly string[]): Promise<Ran> {
  heading(title);
  process.stdout.write(`${styleText("bold", `$ npx rempart ${words.join(" ")}`)}\n`);
  const start = performance.now();
  const env = { ...process.env, ...(process.stdout.isTTY ? { FORCE_COLOR: "1" } : {}) };
  const child = spawn(process.execPath, ["src/cli/launch.js", ...words], { cwd: root, env, stdio: ["ignore", "pipe", "pipe"] });
  let output = "";
  child.stdout.on("data", (data: Buffer) => {
    output += data.toString();
    process.stdout.write(data);
  });
  child.stderr.on("data", (data: Buffer) => process.stderr.write(data));
  const exitCode = await new Promise<number>((resolve, reject) => {
    child.on("error", reject).on("close", (code) => resolve(code ?? 1));
  });
  const plain = stripVTControlCharacters(output);
  return { title, exitCode, seconds: (performance.now() - start) / 1000, rows: readRecap(plain), output: plain };
}

/** A column of the recap over all hosts of a run. */
export function total(ran: Ran, column: string): number {
  return [...ran.rows.values()].reduce((sum, row) => sum + (row[column] ?? 0), 0);
}

/** One line per run: what changed, how many round trips each host took, how long. */
export function summary(runs: readonly Ran[]): string {
  const width = Math.max(...runs.map((ran) => ran.title.length));
  return runs
    .map((ran) => {
      const changed = total(ran, "changed") + total(ran, "would change");
      const trips = [...ran.rows].map(([host, row]) => `${host} ${row["round trips"] ?? "?"}`).join(", ");
      return `${ran.title.padEnd(width)}  ${String(changed).padStart(4)} changed  ${ran.seconds.toFixed(1).padStart(6)} s  round trips: ${trips}`;
    })
    .join("\n");
}
