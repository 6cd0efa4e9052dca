import { z } from "zod";
import type { ItemOutcome, ShownChange } from "./event.ts";

const status = z.enum(["ok", "changed", "maybe", "skipped", "failed", "unreachable"]);
const digest = z.string().regex(/^[0-9a-f]{32}$/);

const change: z.ZodType<ShownChange> = z.strictObject({
  subject: z.string(),
  fields: z.array(
    z.strictObject({
      name: z.string(),
      before: z.string(),
      after: z.string(),
      secret: z.literal(true).exactOptional(),
      action: z.literal(true).exactOptional(),
    }),
  ),
  diff: z.string().exactOptional(),
  pending: z.enum(["reboot", "propagation"]).exactOptional(),
});

const item: z.ZodType<ItemOutcome> = z.strictObject({
  item: z.string(),
  status,
  message: z.string().exactOptional(),
  changes: z.array(change),
});

const fact = z.strictObject({
  fact: z.string().describe("What was asked, as people say it: `path /etc/motd`."),
  id: digest.describe("Which question it is, as a keyed digest: a question may tell of a secret."),
  digest: digest.describe("Keyed digest of the answer that the task stands on."),
  predictedBy: z.int().exactOptional().describe("The answer is not observed: it is what this task will lead to."),
  absent: z.literal(true).exactOptional().describe("There was nothing: another task may bring it."),
  loose: z
    .literal(true)
    .exactOptional()
    .describe("The answer of a program, or foreseen only in part: it may differ as long as the task comes to the same."),
});

const task = z.strictObject({
  number: z.int().describe("Counted per host, from 1."),
  path: z.string().describe("Its place: play, and indices from the outside in."),
  play: z.string(),
  delegates: z.array(z.string()).exactOptional().describe("The hosts that it is delegated to."),
  role: z.string().describe("Empty outside a role."),
  task: z.string(),
  module: z.string(),
  at: z.string().describe("`file:line:column`"),
  handler: z.boolean(),
  status: status.describe("changed: it would change; maybe: it is decided when what it waits for is known."),
  changes: z.array(change),
  items: z.array(item).exactOptional().describe("One entry per turn of a loop."),
  message: z.string().exactOptional(),
  waitsFor: z.string().exactOptional().describe("For maybe: what it waits for."),
  mayTouch: z.array(z.string()).exactOptional().describe("For maybe: the objects that it may change, where they are known."),
  opaque: z
    .literal(true)
    .exactOptional()
    .describe("Not all that it does can be foretold, so behind it details may come out otherwise: of the same objects and fields."),
  facts: z.array(fact).describe("What it stands on."),
  turns: z
    .array(z.strictObject({ status, steps: z.array(digest) }))
    .describe("Per turn of its loop: how it ends, and a keyed digest of every step that it may perform."),
});

const question = z.strictObject({
  as: z.string().describe("Who asks: `login`, `sudo root`."),
  kind: z.string(),
  key: z.json(),
});

const host = z.strictObject({
  name: z.string(),
  broken: z.string().exactOptional().describe("Why there is no whole plan of this host; apply leaves it alone."),
  tasks: z.array(task),
  questions: z
    .array(question)
    .describe("What apply asks first. Those that may tell of a secret are not here: they are found again in the playbook."),
});

/** How the plan was asked for. No value of a variable is here. */
const request = z.strictObject({
  playbook: z.string(),
  inventory: z.array(z.string()),
  limit: z.string().exactOptional(),
  tags: z.array(z.string()),
  skipTags: z.array(z.string()),
  extraVars: z
    .array(z.union([z.strictObject({ file: z.string() }), z.strictObject({ names: z.array(z.string()) })]))
    .describe("`-e` in order: a file is read again, values must be given again."),
  user: z.string().exactOptional(),
  become: z.literal(true).exactOptional(),
  becomeUser: z.string().exactOptional(),
  becomeMethod: z.string().exactOptional(),
  privateKey: z.string().exactOptional(),
  connection: z.string().exactOptional(),
});

/** What a plan file says. */
export const planBody = z.strictObject({
  rempart: z.string().describe("The version that made it."),
  made: z.iso.datetime(),
  folder: z.string().describe("Where it was made: relative paths begin there."),
  request,
  sources: z
    .array(z.strictObject({ path: z.string(), sha256: z.string() }))
    .describe("Every file that was read: playbook, roles, templates, files, inventory and variables."),
  texts: z.array(z.strictObject({ from: z.string(), digest })).describe("Other texts that were read, as `env HOME`, with keyed digests."),
  secrets: z.array(z.string()).describe("Where secrets came from, without any trace of their content."),
  salt: z.string().regex(/^[0-9a-f]{32}$/),
  hosts: z.array(host),
});

/** A plan file: the body, a digest that finds damage, and a keyed one that finds another body or other secrets. */
export const planFile = z.strictObject({
  rempart_plan: z.literal(1).describe("Version of this format."),
  sha256: z.string(),
  seal: digest,
  body: planBody,
});

export type PlanFile = z.output<typeof planFile>;
export type PlanBody = z.output<typeof planBody>;
export type PlanRequest = z.output<typeof request>;
export type PlanHost = z.output<typeof host>;
export type PlanTask = z.output<typeof task>;
export type PlanFact = z.output<typeof fact>;
export type PlanQuestion = z.output<typeof question>;
