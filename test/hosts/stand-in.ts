import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { $ } from "zx";
import { ensureImage, hostImage, type Say } from "./image.ts";
import { withLock } from "./lock.ts";

const cache = join(import.meta.dirname, "../../.cache");

/** A web application's stand-in: /, /health and /cgi-bin/headers on port 8096, as user 1000. */
export const standIn = {
  /** What compose files name. */
  image: "stand-in-web:1",
  /** As `docker save` wrote it; there after `ensureStandIn`. */
  archive: join(cache, "stand-in-web.tar"),
} as const;

/** Makes the stand-in's archive unless it is there and of this recipe; its path. */
export async function ensureStandIn(say: Say = () => {}): Promise<string> {
  const built = await ensureImage("stand-in", "rempart-stand-in", say, async () => ({ BASE: await hostImage("trixie", say) }));
  const note = `${standIn.archive}.from`;
  await withLock("stand-in", 120, async () => {
    if (existsSync(standIn.archive) && existsSync(note) && readFileSync(note, "utf8") === built) return;
    mkdirSync(cache, { recursive: true });
    await $({ quiet: true })`docker tag ${built} ${standIn.image} && docker save -o ${standIn.archive} ${standIn.image}`;
    writeFileSync(note, built);
  });
  return standIn.archive;
}
