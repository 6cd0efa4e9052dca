import { z } from "zod";
import { unit as unitFact } from "../../facts/unit.ts";
import { unitsStale } from "../../facts/units-stale.ts";
import { type Change, change } from "../../kernel/change.ts";
import { type Answers, defineModule, type Outcome } from "../../kernel/module.ts";
import { exec } from "../../kernel/step.ts";
import { changeUnit, type UnitWish } from "./unitChange.ts";

const suffix = /\.(service|socket|target|timer|mount|automount|path|slice|scope|swap|device)$/;

const args = z
  .strictObject({
    name: z
      .string()
      .regex(/^[A-Za-z0-9:_.\\@-]+$/, "a unit name holds only letters, digits and : - _ . \\ @")
      .regex(/[^@]$/, "a template needs an instance: write name@instance")
      .transform((name) => (suffix.test(name) ? name : `${name}.service`))
      .optional()
      .describe("Name of the unit; `.service` may be left out."),
    state: z
      .enum(["started", "stopped", "restarted", "reloaded"])
      .optional()
      .describe(
        "started and stopped are states and change nothing when they hold; restarted and reloaded always act (reloaded starts what does not run).",
      ),
    enabled: z.boolean().optional().describe("Whether it starts at boot."),
    masked: z.boolean().optional().describe("Whether it can be started at all."),
    daemon_reload: z
      .boolean()
      .default(false)
      .describe("Let systemd read its unit files again when one of them is newer than what it has read."),
  })
  .refine((a) => a.name !== undefined || a.daemon_reload, "give `name`, or `daemon_reload: true`")
  .refine(
    (a) => a.name !== undefined || (a.state === undefined && a.enabled === undefined && a.masked === undefined),
    "state, enabled and masked need a `name`",
  )
  .refine(
    (a) => !(a.masked && (a.enabled || a.state === "started" || a.state === "restarted" || a.state === "reloaded")),
    "a masked unit can neither run nor be enabled",
  );

type Args = z.output<typeof args>;

function factsOf(a: Args) {
  return { unit: a.name === undefined ? [] : [unitFact(a.name)], stale: a.daemon_reload ? [unitsStale({})] : [] };
}
type Facts = ReturnType<typeof factsOf>;

/** A systemd unit. */
export const systemd = defineModule({
  name: "systemd",
  aliases: ["service", "systemd_service"],
  kind: "state",
  undoable: true,
  kindOf: (a) => (a.state === "restarted" || a.state === "reloaded" ? "action" : "state"),
  summary: "Start, stop, restart, reload, enable or mask a systemd unit.",
  notes: [
    "A start counts only after the unit has stayed active for a second; a restart is proved by a new InvocationID.",
    "When the unit file is newer than what systemd has read, `systemctl daemon-reload` runs before the unit is started or enabled, without being asked for.",
    "A unit that does not exist counts as stopped and disabled.",
    "Another name of a unit (`sshd` for `ssh`, `ctrl-alt-del.target` for `reboot.target`) is followed, but not for `masked`, which would take the unit behind it away.",
  ],
  args,
  result: z.object({
    name: z.string().describe("Full name of the unit."),
    state: z.string().describe("systemd's ActiveState: active, inactive, failed, ..."),
    enabled: z.string().describe("systemd's UnitFileState: enabled, disabled, static, masked, ..."),
  }),
  keyValue: true,
  examples: [
    { title: "Running, now and after each boot", yaml: "systemd: { name: nginx, state: started, enabled: true }" },
    { title: "Never", yaml: "systemd: { name: rpcbind.socket, state: stopped, enabled: false, masked: true }" },
    { title: "In a handler", yaml: "service: { name: nginx, state: reloaded }" },
  ],
  facts: factsOf,
  plan(a, facts) {
    const answer = facts.unit[0];
    const stale = facts.stale[0];
    if (answer) {
      const planned = changeUnit(answer, wishOf(a), stale?.value.stale ?? false);
      if (!Array.isArray(planned) || planned.length > 0) return planned;
    }
    return stale ? reload(stale.value.stale, facts) : [];
  },
  proof(a, outcome) {
    const [before, after] = [outcome.before.unit[0]?.value, outcome.after.unit[0]];
    if (!before || !after || outcome.ran.length === 0) return undefined;
    if (a.state === "restarted" && !before.oneshot && after.value.invocation === before.invocation)
      return `${before.id} was not restarted: it still has InvocationID ${before.invocation || "(none)"}`;
    if (a.state !== "restarted" && a.state !== "reloaded") return undefined;
    return leftOver(a, outcome);
  },
  resultOf(a, { after }) {
    const now = after.unit[0]?.missing ? undefined : after.unit[0]?.value;
    return { name: a.name ?? "", state: now?.active ?? "", enabled: now?.enabled ?? "" };
  },
});

function wishOf(a: Args): UnitWish {
  return {
    name: a.name ?? "",
    ...(a.state !== undefined && { state: a.state }),
    ...(a.enabled !== undefined && { enabled: a.enabled }),
    ...(a.masked !== undefined && { masked: a.masked }),
  };
}

function reload(isStale: boolean, facts: Answers<Facts>): Change[] {
  const answer = facts.stale[0];
  if (!isStale || !answer) return [];
  const undo = { paths: [], run: [["systemctl", "daemon-reload"]] };
  const planned = change(answer, { stale: false }, { do: [exec("systemctl", "daemon-reload")], undo, opaque: true, subject: "systemd" });
  return [{ ...planned, fields: [{ name: "unit files", before: "newer than what systemd has read", after: "read" }] }];
}

/** After a restart or reload the unit must run, and the rest of the wish must hold. */
function leftOver(a: Args, { after }: Outcome<Facts>): string | undefined {
  const answer = after.unit[0];
  if (!answer) return undefined;
  const { oneshot } = answer.value;
  const { state: _, ...rest } = wishOf(a);
  const left = changeUnit(answer, oneshot ? rest : { ...rest, state: "started" }, false);
  if ("refused" in left) return left.refused;
  const fields = left.flatMap((c) => c.fields).map((f) => `${f.name} is ${String(f.before ?? "absent")}, not ${String(f.after)}`);
  return fields.length > 0 ? `${answer.value.id}: ${fields.join(", ")}` : undefined;
}
