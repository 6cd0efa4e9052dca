import { mkdirSync, readFileSync, realpathSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { $ } from "zx";
import { ensureImage, hostImage, type Say } from "../hosts/image.ts";
import { withLock } from "../hosts/lock.ts";

const cache = join(import.meta.dirname, "../../.cache");

/** What the tests run: the archive as `docker save` wrote it, its name and its id. */
export interface JellyfinImage {
  readonly name: string;
  readonly id: string;
  readonly archive: string;
}

/** The emulator, or with REMPART_TEST_JELLYFIN_IMAGE that image of this machine's engine. `broken`: one that never gets healthy. */
export async function jellyfinImage(kind: "sound" | "broken" = "sound", say: Say = () => {}): Promise<JellyfinImage> {
  const real = process.env.REMPART_TEST_JELLYFIN_IMAGE;
  const from = real ?? (await ensureImage("../jellyfin/emulator", "jellyfin-emulator", say, args(say)));
  const name = kind === "broken" ? "jellyfin-emulator:2-broken" : (real ?? "jellyfin-emulator:1");
  const archive = join(cache, `jellyfin-${kind}.tar`);
  return withLock(`jellyfin-${kind}`, 300, async () => {
    if (kind === "broken") await build(`FROM ${from}\nENV EMULATOR_BROKEN=1\nENTRYPOINT ["/bin/sh", "-c", "sleep 1000 & wait"]`, name);
    else if (real === undefined) await $({ quiet: true })`docker tag ${from} ${name}`;
    const id = (await $({ quiet: true })`docker image inspect --format {{.Id}} ${name}`).stdout.trim();
    mkdirSync(cache, { recursive: true });
    const note = `${archive}.from`;
    if (read(note) !== id) {
      await $({ quiet: true })`docker save -o ${archive} ${name}`;
      writeFileSync(note, id);
    }
    return { name, id, archive };
  });
}

/** The emulator runs in the Node that runs the tests. */
function args(say: Say): () => Promise<Record<string, string>> {
  return async () => {
    const node = realpathSync(process.execPath);
    const image = `rempart-node:${process.version}`;
    await $({ quiet: true })`tar -C ${join(node, "..")} -c node | docker import - ${image}`;
    return { BASE: await hostImage("trixie", say), NODE: image };
  };
}

async function build(recipe: string, name: string): Promise<void> {
  await $({ quiet: true, input: recipe })`docker build -q -t ${name} -`;
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}
