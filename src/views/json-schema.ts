import { z } from "zod";

const status = z.enum(["ok", "changed", "maybe", "skipped", "failed", "unreachable"]);
const place = z.string().describe("`file:line:column`");
const seconds = z.number().describe("Seconds that it took.");
const host = z.string().describe("Name in the inventory.");
const count = (what: string) => z.int().describe(what);

const field = z.strictObject({
  name: z.string().describe("As a person calls it: `mode`, `state`, `settings.ttl`."),
  before: z.string().describe("In words; `absent` where there is nothing, empty for an action."),
  after: z.string().describe("In words; long values are cut to the part where they begin to differ."),
  secret: z
    .literal(true)
    .optional()
    .describe("Both sides are fingerprints such as `#3fa2c1`: the same for the same secret within a run, and of no use outside it."),
  action: z.literal(true).optional().describe("Something to be done, as `run`: there is no before."),
});

const change = z.strictObject({
  subject: z.string().describe("The thing, as `file /etc/motd`."),
  fields: z.array(field).describe("What differs."),
  diff: z
    .string()
    .optional()
    .describe("With `--diff` or the keyword `diff`: the text as a unified diff, or in parentheses why there is none (secret, too large)."),
  asked: z.literal(true).optional().describe("The diff is there because the task says `diff: true`."),
  pending: z.enum(["reboot", "propagation"]).optional().describe("It shows only after this."),
});

const recap = z.strictObject({
  ok: count("Tasks that found nothing to do."),
  changed: count("Tasks that changed something; with `check`: that would."),
  maybe: count("Tasks that cannot be told before another one has run (check only)."),
  skipped: count("Tasks whose `when` was false."),
  failed: count("Tasks that failed and were not taken by ignore_errors or a rescue."),
  unreachable: count("1 when the host could not be reached or was lost."),
  ignored: count("Failures that ignore_errors took."),
  rescued: count("Failures that a rescue took."),
  roundTrips: count("Scripts sent to the host and answered."),
  processes: count("Processes started on the host meanwhile."),
  bytesSent: count("Bytes sent to the host."),
  bytesReceived: count("Bytes received from the host."),
});

/** Every line of `--output json`: the schema, from which docs/events.md is written. */
export const jsonEvents = [
  z
    .strictObject({
      event: z.literal("start"),
      playbook: z.string().describe("As given on the command line."),
      check: z.boolean().describe("True when nothing is to be changed."),
      hosts: z.array(z.string()).describe("All hosts of the run."),
    })
    .describe("The run begins: the input was right, nothing is connected yet."),
  z
    .strictObject({
      event: z.literal("play"),
      play: z.string().describe("Its name."),
      at: place,
      hosts: z.array(z.string()).describe("Its hosts; with `serial`, those of the batch that begins."),
      tasks: z.int().describe("Tasks after selection by tags."),
    })
    .describe("A play begins."),
  z.strictObject({ event: z.literal("connecting"), host }).describe("A host is being connected."),
  z.strictObject({ event: z.literal("connected"), host, seconds }).describe("A host answered."),
  z
    .strictObject({
      event: z.literal("progress"),
      host,
      doing: z.string().describe("What the host is busy with; empty for nothing."),
      left: z.int().describe("Tasks of the play still to be decided for this host."),
    })
    .describe("For live displays; may come any number of times."),
  z
    .strictObject({
      event: z.literal("task"),
      host,
      delegates: z.array(z.string()).optional().describe("The hosts that it was delegated to; more than one only in a loop."),
      role: z.string().describe("Empty outside a role."),
      task: z.string().describe("Name of the task."),
      module: z.string(),
      at: place,
      handler: z.boolean().describe("True for a handler."),
      status: status.describe("How it ended; with `check`, `changed` means would change."),
      changes: z.array(change).describe("What differed."),
      items: z
        .array(
          z.strictObject({
            item: z.string().describe("Its label."),
            status: status.describe("As of the task."),
            message: z.string().optional().describe("As of the task."),
            changes: z.array(change).describe("What differed in this turn; `changes` of the task has those of all turns."),
          }),
        )
        .optional()
        .describe("One entry per turn of a loop."),
      message: z.string().optional().describe("Why it failed, was skipped or cannot be told, or what it says."),
      stdout: z.string().optional().describe("Output of a failed step."),
      stderr: z.string().optional().describe("Error output of a failed step."),
      rc: z.int().optional().describe("Exit code of a failed step."),
      waitsFor: z.string().optional().describe("For maybe: the task that it waits for."),
      ignored: z.enum(["ignore_errors", "rescued"]).optional().describe("Failed, but this took it."),
      seconds,
    })
    .describe("A task ended on a host."),
  z
    .strictObject({
      event: z.literal("retry"),
      host,
      role: z.string().describe("Empty outside a role."),
      task: z.string().describe("Name of the task."),
      item: z.string().optional().describe("The turn of its loop."),
      attempt: z.int().describe("The try that is over, from 1."),
      of: z.int().describe("Tries in all."),
      seconds: z.number().describe("Until the next try."),
      message: z.string().describe("Why it failed, or the condition that does not hold yet."),
    })
    .describe("A task with `until` or `retries` is tried again."),
  z
    .strictObject({
      event: z.literal("host"),
      host,
      status: z.enum(["unreachable", "refused"]).describe("refused: it is not as its plan says, and nothing was done there."),
      message: z.string(),
      help: z.string().describe("What to do about it."),
    })
    .describe("A host is out of the run; the others go on."),
  z
    .strictObject({ event: z.literal("warning"), message: z.string(), at: place.optional(), host: host.optional() })
    .describe("Something that a person should look at."),
  z
    .strictObject({
      event: z.literal("diagnostic"),
      severity: z.enum(["error", "warning"]),
      message: z.string(),
      file: z.string().optional(),
      line: z.int().optional().describe("From 1."),
      column: z.int().optional().describe("From 1, in UTF-16 units."),
      help: z.string().optional().describe("What to write instead."),
      via: z.array(place).optional().describe("Include chain, outermost first."),
    })
    .describe("Something is wrong with the input. After an error nothing is connected and the exit code is 3."),
  z
    .strictObject({ event: z.literal("recap"), hosts: z.record(z.string(), recap).describe("By host."), seconds, check: z.boolean() })
    .describe("The last line of every run that connected."),
] as const;

/** One line of `--output json`. */
export type JsonEvent = Jsonable<z.input<(typeof jsonEvents)[number]>>;

type Jsonable<T> = T extends readonly (infer I)[]
  ? readonly Jsonable<I>[]
  : T extends object
    ? { readonly [K in keyof T]: Jsonable<T[K]> }
    : T;
