import { createHash } from "node:crypto";
import type { BuildContext } from "../../facts/build-context.ts";
import { type DockerImage, noDockerImage } from "../../facts/docker-image.ts";
import type { PathValue } from "../../facts/path.ts";
import { type Change, type ChangedField, change } from "../../kernel/change.ts";
import type { Answer } from "../../kernel/fact.ts";
import { type Refusal, refusal } from "../../kernel/module.ts";
import { exec, type Step } from "../../kernel/step.ts";
import { type ImageReference, imageReference } from "./image-reference.ts";
import { type Build, buildStep, type Login, pullStep } from "./image-steps.ts";

interface Arguments {
  readonly name: string;
  readonly tag?: string | undefined;
  readonly digest?: string | undefined;
  readonly image_id?: string | undefined;
  readonly source?: "pull" | "load" | "build" | "local" | undefined;
  readonly load_path?: string | undefined;
  readonly build?: Build | undefined;
  readonly login?: Login | undefined;
  readonly state: "present" | "absent";
  readonly force_absent: boolean;
}

interface ImageAnswers {
  readonly image: Answer<DockerImage>;
  readonly tagged: readonly Answer<DockerImage>[];
  readonly context: readonly Answer<BuildContext>[];
  readonly archive: readonly Answer<PathValue>[];
}

/** Name, tag and digest, wherever they were written. */
export function whole(a: Pick<Arguments, "name" | "tag" | "digest">): ImageReference {
  const { name, tag = a.tag, digest = a.digest } = imageReference(a.name) ?? { name: a.name };
  return { name, ...(tag !== undefined && { tag }), ...(digest !== undefined && { digest }) };
}

/** What says exactly which image is meant: the digest where there is one. */
export function pinnedReference(a: Arguments): string {
  const { name, tag, digest } = whole(a);
  return digest === undefined ? `${name}:${tag}` : `${name}@${digest}`;
}

/** The name that it shall have; the same where there is no tag. */
export function taggedReference(a: Arguments): string {
  const { name, tag } = whole(a);
  return tag === undefined ? pinnedReference(a) : `${name}:${tag}`;
}

/** The change that brings the image or takes it away. */
export function imagePlan(a: Arguments, facts: ImageAnswers): readonly Change[] | Refusal {
  return a.state === "absent" ? removal(a, facts) : bringing(a, facts);
}

function removal(a: Arguments, { image, tagged }: ImageAnswers): readonly Change[] {
  const there = [image, ...tagged].filter((answer) => answer.value.present);
  const [first] = there;
  if (!first) return [];
  const references = there.map((answer) => answer.question.object.replace(/^docker_image /, ""));
  const planned = change(first, noDockerImage, {
    do: [exec("docker", "image", "rm", ...(a.force_absent ? ["--force"] : []), ...references)],
    opaque: true,
    subject: `docker image ${taggedReference(a)}`,
    also: there.slice(1).map((answer) => ({ question: answer.question, value: noDockerImage })),
  });
  return [{ ...planned, fields: [{ name: "state", before: `present (${short(first.value.id)})`, after: undefined }] }];
}

function bringing(a: Arguments, facts: ImageAnswers): readonly Change[] | Refusal {
  const now = facts.image.value;
  const reference = pinnedReference(a);
  const wanted = facts.context[0] && a.build ? contextOf(a.build, facts.context[0].value) : "";
  if (a.build && facts.context[0]?.value.digest === "")
    return refusal(`the folder ${a.build.path} is not on the host: put it there before this task`);
  const fine = isFine(a, now, wanted);
  const named = facts.tagged.every((t) => t.value.present && t.value.id === now.id);
  if (fine && named) return [];
  if (!fine && a.source === "local")
    return refusal(`the image ${reference} is not on the host, and source is local: write pull, load or build`);
  if (a.source === "load" && facts.archive[0]?.value.type === "absent")
    return refusal(`${a.load_path} is not on the host: bring it there with a task "copy" before this one`);
  const steps: Step[] = fine ? [] : [sourceStep(a, reference, wanted)];
  if (facts.tagged.length > 0) steps.push(exec("docker", "tag", reference, taggedReference(a)));
  const { digest } = whole(a);
  const made: DockerImage = { present: true, id: a.image_id ?? "", digests: digest === undefined ? [] : [reference], context: wanted };
  const after = fine ? now : made;
  const planned = change(facts.image, after, {
    do: steps,
    opaque: true,
    subject: `docker image ${taggedReference(a)}`,
    also: facts.tagged.map((t) => ({ question: t.question, value: after })),
  });
  return [{ ...planned, fields: fieldsOf(a, now, fine, wanted) }];
}

function isFine(a: Arguments, now: DockerImage, wanted: string): boolean {
  const { digest } = whole(a);
  if (!now.present) return false;
  if (digest !== undefined && !now.digests.some((d) => d.endsWith(`@${digest}`))) return false;
  if (a.image_id !== undefined && now.id !== a.image_id) return false;
  return !a.build || now.context === wanted;
}

function sourceStep(a: Arguments, reference: string, context: string): Step {
  if (a.build) return buildStep(reference, a.build, context);
  if (a.load_path !== undefined) return { ...exec("docker", "load", "--quiet", "--input", a.load_path), timeout: 1800 };
  return pullStep(reference, whole(a).name, a.login);
}

function fieldsOf(a: Arguments, now: DockerImage, fine: boolean, wanted: string): ChangedField[] {
  if (fine) return [{ name: "tag", before: undefined, after: whole(a).tag }];
  const { digest } = whole(a);
  const before = now.present ? `present (${short(now.id)})` : undefined;
  return [
    { name: "state", before, after: now.present ? "another image" : "present" },
    ...(digest === undefined ? [] : [{ name: "digest", before: undefined, after: short(digest) }]),
    ...(a.image_id === undefined ? [] : [{ name: "id", before: now.present ? short(now.id) : undefined, after: short(a.image_id) }]),
    ...(a.build ? [{ name: "context", before: now.context ? now.context.slice(0, 12) : undefined, after: wanted.slice(0, 12) }] : []),
    { name: "from", before: undefined, after: a.build?.path ?? a.load_path ?? "its registry", action: true },
  ];
}

function short(digest: string): string {
  return digest.slice(0, "sha256:".length + 12);
}

/** What a build is known by. */
function contextOf({ dockerfile, args }: Build, { digest }: BuildContext): string {
  return createHash("sha256")
    .update(JSON.stringify([digest, dockerfile, Object.entries(args).sort(([x], [y]) => (x < y ? -1 : 1))]))
    .digest("hex");
}
