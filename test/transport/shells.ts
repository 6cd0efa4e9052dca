import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe } from "vitest";
import { usualSurroundings } from "../../src/transport/frame.ts";
import { connectLocal } from "../../src/transport/local.ts";
import { conformance } from "./conformance.ts";
import type { Traits } from "./subject.ts";

/** The local transport with `program` as `sh`, where it is installed. For BusyBox nothing but its applets are on the PATH. */
export function localWith(program: string, traits: Partial<Traits> = {}): void {
  describe.skipIf(!existsSync(program))(`local with ${program}`, () => {
    const folder = mkdtempSync(join(tmpdir(), "rempart-shells-"));
    afterAll(() => rmSync(folder, { recursive: true }));
    const busybox = program.endsWith("busybox");
    const applets = busybox && existsSync(program) ? execFileSync(program, ["--list"], { encoding: "utf8" }).trim().split("\n") : ["sh"];
    for (const applet of applets) symlinkSync(program, join(folder, applet));
    const path = busybox ? folder : `${folder}:${usualSurroundings.path}`;
    conformance(
      "is a target",
      async (bounds = {}) => connectLocal({ bounds, surroundings: { ...usualSurroundings, path, runFolder: folder } }),
      () => traits,
    );
  });
}
