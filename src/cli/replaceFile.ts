import { randomBytes } from "node:crypto";
import { closeSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";

/** Replaces a file at once or not at all, also when the machine loses its power; only its owner can read the new one. */
export function replaceFile(path: string, text: string): void {
  const folder = dirname(path);
  const fresh = join(folder, `.${basename(path)}.${randomBytes(6).toString("hex")}`);
  try {
    synced(openSync(fresh, "wx", 0o600), (file) => writeFileSync(file, text));
    renameSync(fresh, path);
    synced(openSync(folder, "r"));
  } catch (error) {
    rmSync(fresh, { force: true });
    throw error;
  }
}

function synced(file: number, work: (file: number) => void = () => {}): void {
  try {
    work(file);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}
