import { createHash } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { $ } from "zx";
import { machineMirror } from "./apt-sources.ts";
import { ensureEngine, ensurePackage } from "./engine.ts";
import { withLock } from "./lock.ts";

/** The Debian releases that test hosts run. */
export type Release = "trixie" | "bookworm";

export type Say = (line: string) => void;

const recipes = import.meta.dirname;

/** The image of a bare test host, made when there is none of this recipe yet; its name. */
export async function hostImage(release: Release, say: Say = () => {}): Promise<string> {
  const mirror = machineMirror();
  return ensureImage("image", `rempart-test-host:${release}`, say, async () => ({
    BASE: await baseImage(release, say),
    SUITE: release,
    ...(mirror === undefined ? {} : { MIRROR: mirror.main, SECURITY_MIRROR: mirror.security ?? "" }),
  }));
}

/** Builds the recipe in `folder` unless an image of exactly these files, for this machine's mirror, is there. */
export async function ensureImage(folder: string, name: string, say: Say, args: () => Promise<Record<string, string>>): Promise<string> {
  await ensureEngine(say);
  const context = join(recipes, folder);
  const tag = `${name}${name.includes(":") ? "-" : ":"}${digest(context)}`;
  if (await present(tag)) return tag;
  await withLock(`image-${tag}`, 900, async () => {
    if (await present(tag)) return;
    say(`building the image ${tag}; this is done once`);
    const given = Object.entries(await args()).flatMap(([key, value]) => ["--build-arg", `${key}=${value}`]);
    await $({ quiet: true, timeout: "15m" })`docker build --network host ${given} -t ${tag} ${context}`;
  });
  return tag;
}

/** A minimal Debian: the registry's where one answers, otherwise made with debootstrap from this machine's mirror. */
export async function baseImage(release: Release, say: Say = () => {}): Promise<string> {
  const official = `debian:${release}`;
  if (await present(official)) return official;
  const own = `rempart-base:${release}`;
  if (await present(own)) return own;
  return withLock(`image-${own}`, 900, async () => {
    if (await present(own)) return own;
    say(`fetching ${official}`);
    const pulled = await $({ quiet: true, nothrow: true, timeout: "3m" })`docker pull -q ${official}`;
    if (pulled.exitCode === 0) return official;
    say(`no registry answers; making ${own} with debootstrap`);
    await debootstrap(release, own, say);
    return own;
  });
}

async function debootstrap(release: Release, image: string, say: Say): Promise<void> {
  if (process.getuid?.() !== 0) throw new Error(`debian:${release} cannot be pulled, and debootstrap needs root: run this as root`);
  await ensurePackage("debootstrap", "debootstrap", say);
  const keyring = ["gpg", "pgp"].map((end) => `/usr/share/keyrings/debian-archive-keyring.${end}`).find((file) => existsSync(file));
  if (keyring === undefined) throw new Error("the keyring of Debian's archive is missing: apt-get install debian-archive-keyring");
  // Older debootstraps do not know a newer release by name; all of Debian's are made by the same script.
  const script = existsSync(`/usr/share/debootstrap/scripts/${release}`) ? [] : ["/usr/share/debootstrap/scripts/sid"];
  const mirror = machineMirror()?.main;
  const from = mirror === undefined ? [] : [mirror, ...script];
  const root = mkdtempSync(join(tmpdir(), "rempart-debootstrap-"));
  try {
    await $({ quiet: true, timeout: "10m" })`debootstrap --variant=minbase --keyring=${keyring} ${release} ${root} ${from}`;
    await $({ quiet: true, timeout: "5m" })`tar -C ${root} --exclude=./var/cache/apt/archives/*.deb -c . | docker import - ${image}`;
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

async function present(image: string): Promise<boolean> {
  return (await $({ quiet: true, nothrow: true })`docker image inspect --format ok ${image}`).exitCode === 0;
}

/** Of the recipe's files, of the mirror that ends up in the image, and of the month: older package lists name files that mirrors have dropped. */
function digest(context: string): string {
  const month = new Date().toISOString().slice(0, 7);
  const hash = createHash("sha256").update(JSON.stringify([machineMirror() ?? null, month]));
  for (const name of readdirSync(context).toSorted()) hash.update(`\0${name}\0`).update(readFileSync(join(context, name)));
  return hash.digest("hex").slice(0, 12);
}
