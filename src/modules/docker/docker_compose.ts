import { z } from "zod";
import { type ComposeContainer, type ComposeKey, type ComposeProject, composeProject, composeWords } from "../../facts/compose-project.ts";
import { inEnvironment } from "../../facts/environment.ts";
import { type Change, type ChangedField, change } from "../../kernel/change.ts";
import type { Answer } from "../../kernel/fact.ts";
import { defineModule, refusal } from "../../kernel/module.ts";
import { exec } from "../../kernel/step.ts";
import { cleanPath, filePath } from "../parts/file-path.ts";
import { nameList } from "../parts/nameList.ts";

const word = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_.-]*$/, "it is named with letters, digits and _ . -");

const args = z.strictObject({
  project_src: filePath.transform(cleanPath).describe("Folder of the project on the host."),
  project_name: z
    .string()
    .regex(/^[a-z0-9][a-z0-9_-]*$/, "a project is named with small letters, digits, _ and -")
    .optional()
    .describe("Name of the project; compose takes it from the files or the folder when it is not given."),
  files: nameList(z.string().min(1))
    .default([])
    .describe("Compose files, relative to the folder; compose.yml and its other usual names when there are none."),
  profiles: nameList(word).default([]).describe("Profiles to turn on."),
  services: nameList(word).default([]).describe("Only these services, and what they depend on."),
  state: z
    .enum(["present", "stopped", "absent", "restarted"])
    .default("present")
    .describe("present: every service runs as the files have it. restarted: always restart."),
  pull: z
    .enum(["always", "missing", "never", "policy"])
    .default("policy")
    .describe("When images are pulled, if something has to be started at all; policy: as the files say."),
  remove_orphans: z.boolean().default(false).describe("Remove containers of services that the files no longer have."),
  remove_volumes: z.boolean().default(false).describe("With `state: absent`: remove the volumes and what is in them."),
  wait: z
    .boolean()
    .default(false)
    .describe(
      "Go on only when every service runs and is healthy, and fail when one does not get there. Not for services that end by themselves.",
    ),
  wait_timeout: z
    .int()
    .min(1)
    .optional()
    .describe("With wait: seconds until it has failed. Default: without an end but that of the step, half an hour."),
  timeout: z.int().min(0).optional().describe("Seconds that a container gets to stop."),
});

type Args = z.output<typeof args>;

/** A compose project. */
export const dockerCompose = defineModule({
  name: "docker_compose",
  aliases: ["docker_compose_v2"],
  kind: "state",
  kindOf: (a) => (a.state === "restarted" ? "action" : "state"),
  summary: "Bring a Docker Compose project to the state of its files.",
  notes: [
    "A service counts as running when a container made from its present configuration runs and is not unhealthy, or has ended well and shall not be restarted.",
    "A container whose image was pulled anew under the same tag is not noticed; pin images by digest.",
  ],
  args,
  result: z.object({ services: z.record(z.string(), z.string()).describe("The state of each service: running, healthy, exited 1, ...") }),
  examples: [
    { title: "Everything runs", yaml: "docker_compose: { project_src: /srv/media, remove_orphans: true }" },
    { title: "In a handler", yaml: "docker_compose: { project_src: /srv/media, services: [jellyfin], state: restarted }" },
  ],
  facts: (a, { environment }) => ({ project: composeProject({ ...keyOf(a), ...inEnvironment(environment) }) }),
  plan(a, facts) {
    const now = facts.project.value;
    if (now.error !== "") return refusal(`compose refuses the files in ${a.project_src}: ${now.error}`);
    const stray = a.services.find((s) => now.present && now.services !== null && !(s in now.services));
    if (stray !== undefined)
      return refusal(`there is no service "${stray}" in ${a.project_src}; it has ${Object.keys(now.services ?? {}).join(", ")}`);
    const fields = differences(a, now);
    return fields.length === 0 ? [] : [changeOf(a, facts.project, fields)];
  },
  proof(a, { before, after, ran }) {
    if (a.state !== "restarted" || ran.length === 0) return undefined;
    const old = new Set(before.project.value.containers.filter((c) => isMeant(a, c.service)).map((c) => `${c.service} ${c.startedAt}`));
    const same = after.project.value.containers.find((c) => c.state === "running" && old.has(`${c.service} ${c.startedAt}`));
    if (same) return `${same.service} was not restarted`;
    const left = differences({ ...a, state: "present" }, after.project.value);
    return left.length > 0 ? left.map((f) => `${f.name} is ${String(f.before ?? "absent")}`).join(", ") : undefined;
  },
  resultOf: (_args, { after }) => ({
    services: Object.fromEntries((after.project.missing ? [] : after.project.value.containers).map((c) => [c.service, stateOf(c)])),
  }),
});

function keyOf(a: Args): ComposeKey {
  return { src: a.project_src, files: a.files, profiles: a.profiles, ...(a.project_name !== undefined && { project: a.project_name }) };
}

function isMeant(a: Args, service: string): boolean {
  return a.services.length === 0 || a.services.includes(service);
}

function differences(a: Args, now: ComposeProject): ChangedField[] {
  const meant = now.containers.filter((c) => isMeant(a, c.service));
  if (a.state === "absent") return meant.map((c) => ({ name: c.service, before: shown(c), after: undefined }));
  if (a.state === "stopped")
    return meant
      .filter((c) => c.state === "running" || c.state === "restarting")
      .map((c) => ({ name: c.service, before: stateOf(c), after: "stopped" }));
  if (a.state === "restarted")
    return meant.length > 0
      ? meant.map((c) => ({ name: c.service, before: stateOf(c), after: "restarted" }))
      : [{ name: "project", before: "not running", after: "running" }];
  // The folder, or what an earlier task will write into it, is not there yet.
  if (!now.present || now.services === null) return now.present ? [] : [{ name: "project", before: "absent", after: "running" }];
  const due = Object.entries(now.services).flatMap(([service, hash]): ChangedField[] => {
    if (!isMeant(a, service)) return [];
    const own = now.containers.filter((c) => c.service === service);
    const wrong = own.find((c) => c.hash !== hash || !isFine(c));
    if (own.length > 0 && !wrong) return [];
    const image = now.images[service] ?? wrong?.image;
    if (!wrong) return [{ name: service, before: undefined, after: withImage("running", image) }];
    const anew = wrong.hash !== hash;
    const before = `${shown(wrong)}${anew && wrong.image === image ? " of another configuration" : ""}`;
    return [{ name: service, before, after: withImage(anew ? "made anew" : "running", image) }];
  });
  const services = now.services;
  const orphans = a.remove_orphans ? now.containers.filter((c) => !(c.service in services)) : [];
  return [...due, ...orphans.map((c) => ({ name: c.service, before: shown(c), after: undefined }))];
}

function isFine(c: ComposeContainer): boolean {
  if (c.state === "running") return c.health !== "unhealthy";
  return c.state === "exited" && c.exitCode === 0 && (c.restart === "no" || c.restart === "on-failure");
}

function stateOf(c: ComposeContainer): string {
  if (c.state === "running") return c.health === "none" ? "running" : c.health;
  return c.state === "exited" ? `exited ${c.exitCode}` : c.state;
}

/** The state of a container, and what it runs. */
function shown(c: ComposeContainer): string {
  return withImage(stateOf(c), c.image);
}

function withImage(state: string, image: string | undefined): string {
  return image ? `${state} (${image})` : state;
}

function changeOf(a: Args, answer: Answer<ComposeProject>, fields: readonly ChangedField[]): Change {
  const words = composeWords(keyOf(a));
  const wait = a.timeout === undefined ? [] : ["--timeout", String(a.timeout)];
  const orphans = a.remove_orphans ? ["--remove-orphans"] : [];
  const waiting = a.wait ? ["--wait", ...(a.wait_timeout === undefined ? [] : ["--wait-timeout", String(a.wait_timeout)])] : [];
  const up = [
    "up",
    "--detach",
    "--quiet-pull",
    ...(a.pull === "policy" ? [] : ["--pull", a.pull]),
    ...waiting,
    ...orphans,
    ...wait,
    ...a.services,
  ];
  const runs = answer.value.containers.some((c) => isMeant(a, c.service));
  const verbs: Readonly<Record<Args["state"], readonly string[]>> = {
    present: up,
    restarted: runs ? ["restart", ...wait, ...a.services] : up,
    stopped: ["stop", ...wait, ...a.services],
    absent:
      a.services.length > 0
        ? ["rm", "--stop", "--force", ...(a.remove_volumes ? ["--volumes"] : []), ...a.services]
        : ["down", ...orphans, ...(a.remove_volumes ? ["--volumes"] : []), ...wait],
  };
  const step = { ...exec(...words, ...verbs[a.state]), timeout: 1800 };
  const after: Partial<ComposeProject> = a.state === "absent" ? { containers: [] } : { present: true, services: null };
  const volumes = a.state === "absent" && a.remove_volumes ? [{ name: "volumes", before: "what is in them", after: undefined }] : [];
  const planned = change(answer, after, { do: [step], opaque: true, subject: `compose project ${a.project_src}` });
  return { ...planned, fields: [...fields, ...volumes] };
}
