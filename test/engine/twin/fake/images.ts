import { createHash } from "node:crypto";
import type { BuildContext } from "../../../../src/facts/build-context.ts";
import { type DockerImage, noDockerImage } from "../../../../src/facts/docker-image.ts";
import { NoAnswer } from "../../../../src/kernel/fact.ts";
import type { FakeMachine } from "./machine.ts";
import { unknownWords } from "./program.ts";
import { Trouble } from "./trouble.ts";

const sha = (text: string): string => `sha256:${createHash("sha256").update(text).digest("hex")}`;
/** The only image that the registry knows under a digest is the one whose digest is that of its name. */
export const digestOf = (name: string): string => sha(`registry ${name}`);

export function imageOf(m: FakeMachine, reference: string): DockerImage | NoAnswer {
  if (!m.packages.has("docker")) return new NoAnswer("Docker is not installed on this host");
  return m.containers.images.get(reference) ?? noDockerImage;
}

export function contextIn(m: FakeMachine, path: string): BuildContext {
  if (m.files.through(path)?.kind !== "directory") return { digest: "" };
  const real = m.files.real(path) ?? path;
  const all = [...m.files.nodes]
    .filter(([at]) => at === real || at.startsWith(`${real}/`))
    .map(([at, n]) => `${at} ${n.kind} ${n.mode} ${n.target} ${n.content.toString("latin1")}`);
  return { digest: createHash("sha256").update(all.sort().join("\n")).digest("hex") };
}

/** `docker pull|load|build|tag|image rm`. */
export function images(m: FakeMachine, words: readonly string[]): void {
  const all = m.containers.images;
  const [verb, ...rest] = words;
  if (verb === "pull" && rest[0] === "--quiet" && rest.length === 2) {
    const [, reference = ""] = rest;
    const [name = "", digest] = reference.split("@");
    if (digest !== undefined && digest !== digestOf(name)) throw new Trouble(1, "Error response from daemon: manifest unknown");
    const bare = name.replace(/:[^/]*$/, "");
    all.set(reference, { present: true, id: sha(bare), digests: [`${bare}@${digestOf(bare)}`], context: "" });
  } else if (verb === "load" && rest[0] === "--quiet" && rest[1] === "--input") {
    const text = m.files.text(rest[2] ?? "");
    if (text === undefined) throw new Trouble(1, "open: no such file or directory");
    all.set("loaded:1", { present: true, id: sha(text), digests: [], context: "" });
  } else if (verb === "tag" && rest.length === 2) {
    const from = all.get(rest[0] ?? "");
    if (!from) throw new Trouble(1, "Error response from daemon: No such image");
    all.set(rest[1] ?? "", from);
  } else if (verb === "image" && rest[0] === "rm") {
    for (const reference of rest.slice(1).filter((w) => w !== "--force"))
      if (!all.delete(reference)) throw new Trouble(1, `Error response from daemon: No such image: ${reference}`);
  } else if (verb === "build") {
    const label = rest[rest.indexOf("--label") + 1] ?? "";
    const path = rest.at(-1) ?? "";
    if (m.files.through(`${path}/Dockerfile`)?.kind !== "file") throw new Trouble(1, "unable to evaluate symlinks in Dockerfile path");
    const context = label.slice(label.indexOf("=") + 1);
    all.set(rest[rest.indexOf("--tag") + 1] ?? "", { present: true, id: sha(context), digests: [], context });
  } else unknownWords("docker", words);
}
