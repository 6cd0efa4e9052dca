import { mkdirSync, readFileSync, realpathSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { $ } from "zx";
import { ensureImage, hostImage, type Say } from "../hosts/image.ts";
import { withLock } from "../hosts/lock.ts";

const cache = join(import.meta.dirname, "../../.cache");

interface JellyfinImage {
  readonly name: string;
  readonly id: string;
}

/** What the tests run, in one archive as `docker save` wrote it: the server, its next version, and one that spoils the data and never gets well. */
export interface JellyfinImages {
  readonly sound: JellyfinImage;
  readonly next: JellyfinImage;
  readonly broken: JellyfinImage;
  readonly archive: string;
}

/** The emulator, or with REMPART_TEST_JELLYFIN_IMAGE that image of this machine's engine, whose next version is itself by another id. */
export async function jellyfinImages(say: Say = () => {}): Promise<JellyfinImages> {
  const real = process.env.REMPART_TEST_JELLYFIN_IMAGE;
  const from = real ?? (await ensureImage("../jellyfin/emulator", "jellyfin-emulator", say, args(say)));
  const recipes = {
    sound: "",
    next: "ENV EMULATOR_VERSION=10.12.0",
    // One of the emulator stays what a server is that starts: it answers 200, and not the word.
    broken:
      real === undefined ? "ENV EMULATOR_VERSION=10.12.1 EMULATOR_STARTING_MS=1000000000" : `ENTRYPOINT ["/bin/sh", "-c", "${spoil}"]`,
  };
  const archive = join(cache, "jellyfin-images.tar");
  return withLock("jellyfin-images", 300, async () => {
    const made = async (kind: keyof typeof recipes): Promise<JellyfinImage> => {
      const name = `jellyfin-test:${kind}`;
      await $({ quiet: true, input: `FROM ${from}\n${recipes[kind]}\n` })`docker build -q -t ${name} -`;
      return { name, id: (await $({ quiet: true })`docker image inspect --format {{.Id}} ${name}`).stdout.trim() };
    };
    const [sound, next, broken] = [await made("sound"), await made("next"), await made("broken")];
    const images = [sound, next, broken];
    const note = `${archive}.from`;
    const held = images.map(({ id }) => id).join(" ");
    mkdirSync(cache, { recursive: true });
    if (read(note) !== held) {
      await $({ quiet: true })`docker save -o ${archive} ${images.map(({ name }) => name)}`;
      writeFileSync(note, held);
    }
    return { sound, next, broken, archive };
  });
}

const spoil = "rm -f /config/config/system.xml; trap 'exit 0' TERM; sleep 1000 & wait";

/** The emulator runs in the Node that runs the tests. */
function args(say: Say): () => Promise<Record<string, string>> {
  return async () => {
    const node = realpathSync(process.execPath);
    const image = `rempart-node:${process.version}`;
    await $({ quiet: true })`tar -C ${join(node, "..")} -c node | docker import - ${image}`;
    return { BASE: await hostImage("trixie", say), NODE: image };
  };
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}
