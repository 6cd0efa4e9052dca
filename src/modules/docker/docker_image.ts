import { z } from "zod";
import { buildContext } from "../../facts/build-context.ts";
import { dockerImage as dockerImageFact } from "../../facts/docker-image.ts";
import { path } from "../../facts/path.ts";
import { defineModule } from "../../kernel/module.ts";
import { Secret } from "../../kernel/value.ts";
import { cleanPath, filePath } from "../parts/file-path.ts";
import { imagePlan, pinnedReference, taggedReference, whole } from "../parts/image-plan.ts";
import { imageReference } from "../parts/image-reference.ts";
import { refusedArgument } from "../parts/refused-argument.ts";

const sha256 = z.string().regex(/^sha256:[0-9a-f]{64}$/, 'it is written "sha256:" and 64 hex digits');
const value = z.union([z.string(), z.number(), z.boolean()]).transform(String);
const buildFields = z.strictObject({
  path: filePath.transform(cleanPath).describe("Folder of the target with everything for the build."),
  dockerfile: z
    .string()
    .regex(/^[^/-][^\n]*$/, "a path within the folder is wanted")
    .default("Dockerfile")
    .describe("The file with the steps, within the folder."),
  args: z
    .record(z.string().regex(/^[A-Za-z_]\w*$/, "a build argument is named like a variable"), value)
    .default({})
    .describe("Build arguments. They stay in the image, so none is secret."),
  pull: z.boolean().default(false).describe("Ask the registry for a newer base image."),
});
const loginFields = z.strictObject({
  username: z
    .string()
    .regex(/^[^-\s][^\s]*$/, "a name without blanks is wanted")
    .describe("Who logs in."),
  password: z
    .union([z.string(), z.instanceof(Secret)])
    .describe("Password or token. It goes by stdin, and what docker writes down of it is removed after the pull."),
});

const args = z
  .strictObject({
    name: z
      .string()
      .refine((n) => imageReference(n) !== undefined, {
        error: "an image is named like jellyfin/jellyfin, registry.example.org/app:1.2 or app:1.2@sha256:...",
      })
      .describe("Name of the image, with or without registry, tag and digest."),
    tag: z
      .string()
      .regex(/^\w[\w.-]{0,127}$/, "a tag is a word with digits, letters and . _ -")
      .optional()
      .describe("Tag, where name has none."),
    digest: sha256
      .optional()
      .describe("What the registry calls the image: `sha256:...`, where name has none. Held against what was pulled."),
    image_id: sha256
      .optional()
      .describe("With source load: the id that the image must have (`docker image inspect`), as a loaded image has no digest."),
    source: z
      .enum(["pull", "load", "build", "local"])
      .optional()
      .describe("Where it comes from; local: it must be there. Needed for state present."),
    load_path: filePath
      .transform(cleanPath)
      .optional()
      .describe("With source load: the archive on the target, as docker save wrote it; copy brings it there."),
    build: buildFields.optional().describe("With source build: what is built."),
    login: loginFields.optional().describe("With source pull: for a registry that asks who is there."),
    allow_latest: z.string().min(1, "say why").optional().describe("Why the tag latest may be taken, which means another image every day."),
    state: z.enum(["present", "absent"]).default("present").describe("Whether the image shall be there."),
    force_absent: z.boolean().default(false).describe("With state absent: also when a stopped container was made from it."),
    force_source: refusedArgument(false, "digest, image_id and the context of a build say when another image is wanted"),
  })
  .refine((a) => a.state === "absent" || a.source !== undefined, {
    path: ["source"],
    error: "write where it comes from: pull, load, build or local",
  })
  .refine((a) => (a.source === "load") === (a.load_path !== undefined), {
    path: ["load_path"],
    error: "load_path goes with source: load, and load needs it",
  })
  .refine((a) => (a.source === "build") === (a.build !== undefined), {
    path: ["build"],
    error: "build goes with source: build, and it needs build: { path }",
  })
  .refine((a) => a.login === undefined || a.source === "pull", { path: ["login"], error: "only a pull logs in" })
  .refine((a) => a.image_id === undefined || a.source === "load", {
    path: ["image_id"],
    error: "image_id goes with source: load; a pull is pinned by digest",
  })
  .refine((a) => whole(a).digest === undefined || (a.source !== "load" && a.source !== "build"), {
    path: ["digest"],
    error: "an image that was loaded or built has no digest: pin one that is loaded by image_id",
  })
  .refine((a) => a.tag === undefined || imageReference(a.name)?.tag === undefined, { path: ["tag"], error: "name has a tag already" })
  .refine((a) => a.digest === undefined || imageReference(a.name)?.digest === undefined, {
    path: ["digest"],
    error: "name has a digest already",
  })
  .refine((a) => whole(a).tag !== undefined || whole(a).digest !== undefined, {
    path: ["name"],
    error: "without a tag this is latest, another image every day: write a tag, best with a digest",
  })
  .refine((a) => whole(a).tag !== "latest" || a.allow_latest !== undefined || a.state === "absent", {
    path: ["tag"],
    error: 'latest is another image every day: write a version, or allow_latest: "why"',
  });

/** Images of the Docker engine. */
export const dockerImage = defineModule({
  name: "docker_image",
  kind: "state",
  summary: "Have an image in the Docker engine: pulled, loaded, built, or removed.",
  notes: [
    "A tag can be moved by whoever may write to the registry; with digest the image that was looked at is the one that runs. With both, the pulled image gets the tag.",
    "An image that is built carries a label with the digest of its folder, its Dockerfile and its arguments, and is built anew when that differs. Everything in the folder counts, whatever .dockerignore says.",
    "Without digest an image that is there under its tag is left alone, whatever the registry has.",
  ],
  args,
  result: z.object({
    name: z.string().describe("Name of the image."),
    id: z.string().describe("Its id; empty when it is not there."),
    digests: z.array(z.string()).describe("What registries call it."),
  }),
  examples: [
    {
      title: "A pinned image",
      yaml: `docker_image: { name: jellyfin/jellyfin, tag: 10.11.0, digest: 'sha256:${"0123456789abcdef".repeat(4)}', source: pull }`,
    },
    {
      title: "From an archive on the target",
      yaml: "docker_image: { name: app, tag: '1.2', source: load, load_path: /srv/images/app.tar }",
    },
    {
      title: "Built on the target",
      yaml: "docker_image: { name: edge, tag: '3', source: build, build: { path: /srv/edge, args: { VERSION: 3 } } }",
    },
    { title: "No such image", yaml: "docker_image: { name: 'app:1.1', state: absent }" },
  ],
  facts: (a) => ({
    image: dockerImageFact(pinnedReference(a)),
    tagged: taggedReference(a) === pinnedReference(a) ? [] : [dockerImageFact(taggedReference(a))],
    context: a.build ? [buildContext(a.build.path)] : [],
    archive: a.load_path === undefined ? [] : [path({ path: a.load_path, orSomething: true })],
  }),
  plan: (a, facts) => imagePlan(a, facts),
  resultOf(a, { after }) {
    const { id, digests } = after.image.missing ? { id: "", digests: [] } : after.image.value;
    return { name: whole(a).name, id, digests: [...digests] };
  },
});
