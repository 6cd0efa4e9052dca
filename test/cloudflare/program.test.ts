import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { options } from "./edge.ts";
import { CloudflareEmulator } from "./emulator/emulator.ts";

const root = resolve(import.meta.dirname, "../..");

it("the program plans the edge into a file, does exactly that, and finds nothing to do after it", { timeout: 120_000 }, async () => {
  const emulator = await CloudflareEmulator.start();
  const folder = mkdtempSync(join(tmpdir(), "rempart-edge-"));
  const [inventory, plan] = [join(folder, "hosts.yml"), join(folder, "edge.plan")];
  const zone = { ansible_connection: "cloudflare", api_url: emulator.url, api_token: emulator.token, cloudflare: options };
  writeFileSync(inventory, JSON.stringify({ edge: { hosts: { zone } } }));
  const rempart = async (...words: readonly string[]): Promise<string> => {
    const { stdout, stderr } = await promisify(execFile)(join(root, "node_modules/.bin/node"), ["src/cli/launch.js", ...words], {
      cwd: root,
      env: { ...process.env, XDG_STATE_HOME: folder },
    }).catch((error: { readonly stdout: string; readonly stderr: string; readonly code: number }) => error);
    return `${stdout}${stderr}`;
  };
  try {
    const planned = await rempart("plan", "playbooks/edge.yml", "-i", inventory, "-o", plan);
    expect(emulator.writes, planned).toEqual([]);
    const shown = await rempart("show", plan);
    expect(shown).toContain("192.0.2.10, proxied");
    expect(`${planned}${shown}${readFileSync(plan, "utf8")}`).not.toContain(emulator.token);
    const applied = await rempart("apply", plan);
    expect(emulator.writes.length, applied).toBe(22);
    emulator.forgetSeen();
    const again = await rempart("run", "playbooks/edge.yml", "-i", inventory);
    expect(emulator.writes, again).toEqual([]);
    expect(again).not.toMatch(/^(changed|failed|unreachable) /m);
    expect(emulator.faults).toEqual([]);
  } finally {
    await emulator.stop();
  }
});
