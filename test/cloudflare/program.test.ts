import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { options } from "./edge.ts";
import { CloudflareEmulator } from "./emulator/emulator.ts";

const root = resolve(import.meta.dirname, "../..");
const folder = mkdtempSync(join(tmpdir(), "rempart-edge-"));

/** Runs the program, as a person would. */
async function rempart(...words: readonly string[]): Promise<{ readonly code: number; readonly text: string }> {
  const { stdout, stderr, code } = await promisify(execFile)(join(root, "node_modules/.bin/node"), ["src/cli/launch.js", ...words], {
    cwd: root,
    env: { ...process.env, XDG_STATE_HOME: folder },
  }).then(
    (done) => ({ ...done, code: 0 }),
    (error: { readonly stdout: string; readonly stderr: string; readonly code: number }) => error,
  );
  return { code, text: `${stdout}${stderr}` };
}

/** An inventory with the emulated zone and these options on top. */
function inventoryOf(emulator: CloudflareEmulator, more: object = {}): string {
  const inventory = join(mkdtempSync(join(folder, "inventory-")), "hosts.yml");
  const zone = { ansible_connection: "cloudflare", api_url: emulator.url, api_token: emulator.token, cloudflare: { ...options, ...more } };
  writeFileSync(inventory, JSON.stringify({ edge: { hosts: { zone } } }));
  return inventory;
}

it("the program plans the edge into a file, does exactly that, and finds nothing to do after it", { timeout: 120_000 }, async () => {
  const emulator = await CloudflareEmulator.start();
  const [inventory, plan] = [inventoryOf(emulator), join(folder, "edge.plan")];
  try {
    const { text: planned } = await rempart("plan", "playbooks/edge.yml", "-i", inventory, "-o", plan);
    expect(emulator.writes, planned).toEqual([]);
    const { text: shown } = await rempart("show", plan);
    expect(shown).toContain("192.0.2.10, proxied");
    expect(`${planned}${shown}${readFileSync(plan, "utf8")}`).not.toContain(emulator.token);
    const { text: applied } = await rempart("apply", plan);
    expect(emulator.writes.length, applied).toBe(22);
    emulator.forgetSeen();
    const { text: again } = await rempart("run", "playbooks/edge.yml", "-i", inventory);
    expect(emulator.writes, again).toEqual([]);
    expect(again).not.toMatch(/^(changed|failed|unreachable) /m);
    expect(emulator.faults).toEqual([]);
  } finally {
    await emulator.stop();
  }
});

it("the program ends with 3 for the mode tunnel, points at the option, and connects nowhere", { timeout: 60_000 }, async () => {
  const emulator = await CloudflareEmulator.start();
  try {
    const { code, text } = await rempart("run", "playbooks/edge.yml", "-i", inventoryOf(emulator, { mode: "tunnel" }));
    expect(code, text).toBe(3);
    expect(text).toMatch(/cloudflare\.mode.*tunnel|tunnel.*cloudflare\.mode/s);
    expect(text).toContain("lan-only");
    expect(emulator.seen).toEqual([]);
  } finally {
    await emulator.stop();
  }
});
