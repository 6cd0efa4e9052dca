import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { $ } from "zx";
import { ensureImage, hostImage, type Say } from "./image.ts";
import { withLock } from "./lock.ts";

const archive = join(import.meta.dirname, "../../.cache/rest-server-of-debian.tar");
const name = "rest-server-of-debian:1";

/** Debian's restic-rest-server as an image that says so: its name, its id, and the archive as `docker save` wrote it. */
export async function restServerImage(
  say: Say = () => {},
): Promise<{ readonly image: string; readonly image_id: string; readonly archive: string }> {
  const built = await ensureImage("rest-server", "rempart-rest-server", say, async () => ({ BASE: await hostImage("trixie", say) }));
  return withLock("rest-server", 300, async () => {
    const id = (await $({ quiet: true })`docker image inspect --format {{.Id}} ${built}`).stdout.trim();
    const note = `${archive}.from`;
    if (!existsSync(archive) || !existsSync(note) || readFileSync(note, "utf8") !== id) {
      await $({ quiet: true })`docker tag ${built} ${name} && docker save -o ${archive} ${name}`;
      writeFileSync(note, id);
    }
    return { image: name, image_id: id, archive };
  });
}
