import { mkdirSync, readFileSync, realpathSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { $ } from "zx";
import { ensureImage, hostImage, type Say } from "../hosts/image.ts";
import { withLock } from "../hosts/lock.ts";

const cache = join(import.meta.dirname, "../../.cache");

const kinds = ["sound", "next", "broken"] as const;
type Kind = (typeof kinds)[number];

/** What the tests run: its name, its id, and an archive as `docker save` wrote it, the same for all kinds. */
export interface JellyfinImage {
  readonly name: string;
  readonly id: string;
  readonly archive: string;
}

/**
 * The emulator, or with REMPART_TEST_JELLYFIN_IMAGE that image of this machine's engine. `next`: a newer version of the emulator, or the same
 * program by another id. `broken`: one that touches the data and never gets well.
 */
export async function jellyfinImage(kind: Kind = "sound", say: Say = () => {}): Promise<JellyfinImage> {
  const real = process.env.REMPART_TEST_JELLYFIN_IMAGE;
  const from = real ?? (await ensureImage("../jellyfin/emulator", "jellyfin-emulator", say, args(say)));
  const recipes: Readonly<Record<Kind, string>> = {
    sound: "",
    next: "ENV EMULATOR_VERSION=10.12.0",
    // One of the emulator stays what a server is that starts: it answers 200, and not the word.
    broken:
      real === undefined ? "ENV EMULATOR_VERSION=10.12.1 EMULATOR_STARTING_MS=1000000000" : `ENTRYPOINT ["/bin/sh", "-c", "${spoil}"]`,
  };
  const nameOf = (each: Kind): string => `jellyfin-test:${each}-${from.replace(/.*:/, "")}`;
  const archive = join(cache, "jellyfin-images.tar");
  return withLock("jellyfin-images", 300, async () => {
    for (const each of kinds) await $({ quiet: true, input: `FROM ${from}\n${recipes[each]}\n` })`docker build -q -t ${nameOf(each)} -`;
    const ids = (await $({ quiet: true })`docker image inspect --format {{.Id}} ${kinds.map(nameOf)}`).stdout.trim().split("\n");
    const note = `${archive}.from`;
    const held = [...kinds.map(nameOf), ...ids].join(" ");
    mkdirSync(cache, { recursive: true });
    if (read(note) !== held) {
      await $({ quiet: true })`docker save -o ${archive} ${kinds.map(nameOf)}`;
      writeFileSync(note, held);
    }
    return { name: nameOf(kind), id: ids[kinds.indexOf(kind)] ?? "", archive };
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
