#!/usr/bin/env node
// Runs on any Node from 20 on. Rempart itself needs Node 24: an older one starts the copy in node_modules instead.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import module from "node:module";
import { constants } from "node:os";
import { fileURLToPath } from "node:url";

const here = (path) => new URL(path, import.meta.url);

if (Number(process.versions.node.split(".")[0]) >= 24) {
  module.enableCompileCache?.();
  // A clone runs its sources. What `npm run build` made has main.js beside this file; a published package has it in dist/,
  // because Node strips no types under node_modules.
  const main = ["main.ts", "main.js", "../../dist/cli/main.js"].map(here).find((file) => existsSync(file)) ?? here("main.ts");
  await import(main.href);
} else {
  const newer = fileURLToPath(here("../../node_modules/node/bin/node"));
  if (existsSync(newer)) restart(newer);
  else {
    process.stderr.write(
      `rempart needs Node 24; this is ${process.version}. Run "npm ci" in the clone (it brings Node 24), or install Node 24.\n`,
    );
    process.exitCode = 3;
  }
}

function restart(node) {
  const child = spawn(node, [fileURLToPath(import.meta.url), ...process.argv.slice(2)], { stdio: "inherit" });
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
  child.on("error", (error) => {
    process.stderr.write(`rempart could not start ${node}: ${error.message}. Run "npm ci" again.\n`);
    process.exitCode = 3;
  });
  child.on("exit", (code, signal) => {
    process.exitCode = code ?? 128 + (constants.signals[signal ?? "SIGTERM"] ?? 15);
  });
}
