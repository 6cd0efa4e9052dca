import { z } from "zod";
import { filePath } from "../parts/file-path.ts";

const line = (what: string) => z.string().regex(/^[^\0\n\r]+$/, `${what} is one line of text`);
const span = line("a span of time").regex(/^[0-9][0-9A-Za-z. ]*$/, "a span of time is written as systemd does: 5min, 1h 30min, 2d");
const listOf = <T extends z.ZodType>(item: T) => z.union([item.transform((one) => [one]), z.array(item).min(1)]);
const unitName = z.string().regex(/^[A-Za-z0-9:_.\\@%-]+\.[a-z]+$/, "write the whole name of a unit: alert@%n.service");
const words = z
  .array(z.string().regex(/^[^\0\n\r]*$/, "a word of the command holds no line breaks: put a longer text into a script"))
  .min(1)
  .refine((argv) => argv[0]?.startsWith("/"), "the program is named with its whole path: /usr/bin/restic");

/** What of a service restricts it, and what it may use; systemd.exec(5) and systemd.resource-control(5) tell what each means. */
const restrictions = [
  "AmbientCapabilities",
  "CacheDirectory",
  "CapabilityBoundingSet",
  "CPUQuota",
  "DynamicUser",
  "InaccessiblePaths",
  "IOSchedulingClass",
  "IPAddressAllow",
  "IPAddressDeny",
  "LockPersonality",
  "LogsDirectory",
  "MemoryDenyWriteExecute",
  "MemoryMax",
  "Nice",
  "NoNewPrivileges",
  "PrivateDevices",
  "PrivateNetwork",
  "PrivateTmp",
  "PrivateUsers",
  "ProcSubset",
  "ProtectClock",
  "ProtectControlGroups",
  "ProtectHome",
  "ProtectHostname",
  "ProtectKernelLogs",
  "ProtectKernelModules",
  "ProtectKernelTunables",
  "ProtectProc",
  "ProtectSystem",
  "ReadOnlyPaths",
  "ReadWritePaths",
  "RemoveIPC",
  "RestrictAddressFamilies",
  "RestrictNamespaces",
  "RestrictRealtime",
  "RestrictSUIDSGID",
  "RuntimeDirectory",
  "StateDirectory",
  "SystemCallArchitectures",
  "SystemCallFilter",
  "TasksMax",
  "UMask",
] as const;

// An empty one takes away what systemd allows otherwise: CapabilityBoundingSet.
const value = z.string().regex(/^[^\0\n\r]*$/, "a setting is one line of text");
const setting = z.union([z.boolean(), z.number(), value, z.array(value)]).optional();
const sandbox = z.strictObject(Object.fromEntries(restrictions.map((name) => [name, setting])));

/** The arguments of `timer`. */
export const timerArguments = z
  .strictObject({
    name: z
      .string()
      .regex(/^[A-Za-z0-9][A-Za-z0-9:_.-]*$/, "a timer is named with letters, digits and : _ . -")
      .refine((name) => !/\.(timer|service)$/.test(name), "write the name without .timer or .service")
      .describe("Name of the pair: NAME.timer and NAME.service in /etc/systemd/system, which are owned whole."),
    description: line("a description").optional().describe("What it does, for people. Default: the name."),
    command: words.optional().describe("The program and its arguments, one word each; no shell. Every character stands for itself."),
    on_calendar: listOf(line("a time")).optional().describe("When: `daily`, `Mon *-*-* 03:30`, or a list of them; see systemd.time(7)."),
    on_boot: span.optional().describe("So long after the boot: `15min`."),
    on_active: span.optional().describe("So long after the timer was started."),
    on_unit_active: span.optional().describe("So long after the command was started last: `6h`."),
    on_unit_inactive: span.optional().describe("So long after the command has ended last."),
    persistent: z
      .boolean()
      .default(true)
      .describe("With on_calendar: a time that passed while the host was off is made up for when it is on again."),
    randomized_delay: span.optional().describe("Up to so long later, drawn anew each time."),
    accuracy: span.optional().describe("How exact: it may be so much later, to wake the machine less often. systemd's default is 1min."),
    user: z
      .string()
      .regex(/^[A-Za-z_][A-Za-z0-9_.-]*\$?$/, "a user is a name")
      .optional()
      .describe("Who runs it. Default root."),
    group: z
      .string()
      .regex(/^[A-Za-z_][A-Za-z0-9_.-]*\$?$/, "a group is a name")
      .optional()
      .describe("Group of the command. Default: that of the user."),
    environment: z
      .record(
        z.string().regex(/^[A-Za-z_][A-Za-z0-9_]*$/, "a variable is named with letters, digits and _"),
        z.union([line("a value"), z.number()]),
      )
      .optional()
      .describe("Variables of the command. Everybody on the host can read them: a secret goes through load_credential."),
    load_credential: z
      .record(z.string().regex(/^[A-Za-z0-9_.-]+$/, "a credential is named with letters, digits and _ . -"), filePath)
      .optional()
      .describe("Files for this command alone, by name: it finds them in /run/credentials/NAME.service."),
    working_directory: filePath.optional().describe("Folder that the command starts in."),
    timeout: span.optional().describe("The command is ended after so long. systemd's default for such a command is never."),
    success_codes: z.array(z.int().min(1).max(255)).optional().describe("Exit codes beside 0 that count as success."),
    network: z.boolean().default(false).describe("Wait at boot until the network is up."),
    requires_mounts_for: z.array(filePath).optional().describe("Paths whose file systems must be mounted."),
    on_failure: z.array(unitName).optional().describe("Units that are started when the command fails: `alert@%n.service`."),
    sandbox: sandbox
      .optional()
      .describe("What the command may not do, by systemd's names: `{ ProtectSystem: strict, ReadWritePaths: [/var/backups] }`."),
    enabled: z.boolean().default(true).describe("Whether the timer starts at boot."),
    started: z.boolean().default(true).describe("Whether the timer runs."),
    state: z.enum(["present", "absent"]).default("present").describe("Whether the pair shall be there."),
  })
  .superRefine((a, context) => {
    const issue = (path: string, message: string): void => context.addIssue({ code: "custom", path: [path], message });
    if (a.state === "absent") return;
    if (a.command === undefined) issue("command", "give the `command`, a list of words");
    const starts = [a.on_calendar, a.on_boot, a.on_active, a.on_unit_active, a.on_unit_inactive];
    if (starts.every((s) => s === undefined))
      issue("on_calendar", "say when: on_calendar, on_boot, on_active, on_unit_active or on_unit_inactive");
    if (!starts.slice(0, 3).some((s) => s !== undefined) && starts.some((s) => s !== undefined))
      issue(
        "on_boot",
        "on_unit_active and on_unit_inactive count from the last run: give the first one too, with on_boot, on_active or on_calendar",
      );
  });

export type TimerArguments = z.output<typeof timerArguments>;
