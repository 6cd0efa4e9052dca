import { z } from "zod";
import { type TimerTimes, timer as timerTimes } from "../../facts/timer.ts";
import { type Unit, unit } from "../../facts/unit.ts";
import type { Change } from "../../kernel/change.ts";
import type { Answer } from "../../kernel/fact.ts";
import { defineModule, type Refusal, refusal } from "../../kernel/module.ts";
import { exec } from "../../kernel/step.ts";
import { textFileQuestions, textOf, writeText } from "../parts/text-file.ts";
import { type TimerArguments, timerArguments } from "./timerFields.ts";
import { serviceText, timerText } from "./timerText.ts";
import { changeUnit } from "./unitChange.ts";

const folder = "/etc/systemd/system";

/** Checks both texts under their own names, in a folder of their own: systemd warns of a wrong line and goes on without it. */
const verify = `command -v systemd-analyze >/dev/null 2>&1 || exit 0
case $(systemd-analyze --help 2>&1) in *--recursive-errors*) ;; *) exit 0 ;; esac
d=$(mktemp -d) || exit; trap 'rm -rf "$d"' 0
printf %s "$2" >"$d/$1.service"; printf %s "$3" >"$d/$1.timer"
systemd-analyze verify --man=no --recursive-errors=no "$d/$1.service" "$d/$1.timer"`;

/** A command that systemd runs at certain times. */
export const timer = defineModule({
  name: "timer",
  kind: "state",
  undoable: true,
  summary: "Run a command at certain times: a timer of systemd with its service, in one task.",
  notes: [
    "In the place of cron: it catches up after a night when the host was off, its output is in the journal, its failure can alert somebody, and the command can be locked in.",
    "Both unit files are checked by systemd-analyze before they are written, where that is on the host: a misspelt setting or a program that is not there fails the task.",
    "A timer that runs is restarted when its times change. The command itself is never started by this task.",
    "`absent` lets a command that runs come to its end.",
  ],
  args: timerArguments,
  result: z.object({
    name: z.string().describe("Name of the timer unit."),
    state: z.string().describe("systemd's ActiveState of the timer: active, inactive, ..."),
    enabled: z.string().describe("systemd's UnitFileState of the timer."),
    next_elapse: z.string().nullable().describe("When it runs next: `2026-11-22T03:30:00Z`, or `15min after boot`."),
    last_trigger: z.string().nullable().describe("When it ran last; null for never."),
  }),
  examples: [
    {
      title: "A backup each night",
      yaml: `timer:
  name: backup
  description: Backup to the NAS
  on_calendar: "*-*-* 03:30"
  randomized_delay: 20min
  command: [/usr/local/bin/backup, --tag, nightly]
  load_credential: { password: /etc/backup/password }
  environment: { RESTIC_PASSWORD_FILE: /run/credentials/backup.service/password }
  on_failure: [alert@%n.service]
  sandbox: { ProtectSystem: strict, PrivateTmp: true, CacheDirectory: restic }`,
    },
    {
      title: "Every ten minutes, the first time after the boot",
      yaml: "timer: { name: follow-address, on_boot: 2min, on_unit_active: 10min, command: [/usr/local/bin/follow-address], network: true }",
    },
    { title: "Gone", yaml: "timer: { name: backup, state: absent }" },
  ],
  facts: (a) => {
    const [service, times] = [textFileQuestions(`${folder}/${a.name}.service`), textFileQuestions(`${folder}/${a.name}.timer`)];
    return {
      timer: unit(`${a.name}.timer`),
      service: unit(`${a.name}.service`),
      times: timerTimes(`${a.name}.timer`),
      serviceFile: service.file,
      timerFile: times.file,
      folder: times.folder,
    };
  },
  plan(a, facts) {
    const foreign = ofSomebodyElse(facts.timer.value, a) ?? ofSomebodyElse(facts.service.value, a);
    if (foreign) return foreign;
    const files = [facts.serviceFile, facts.timerFile].map((file) => ({ file, folder: facts.folder }));
    const broken = files.map(({ file }) => textOf(file)).find((t) => "refused" in t);
    if (broken && "refused" in broken) return broken;
    const texts = a.state === "absent" ? [null, null] : [serviceText(a), timerText(a)];
    const [service = [], times = []] = files.map((file, i) => writeText(file, texts[i] ?? null));
    const written = [...service, ...times];
    if (a.state === "absent") return absentPair(a, facts.timer, written);
    const runs = facts.timer.value.active === "active";
    const state = !a.started ? ("stopped" as const) : runs && times.length > 0 ? ("restarted" as const) : ("started" as const);
    const wish = { name: `${a.name}.timer`, state, enabled: a.enabled };
    const started = changeUnit(facts.timer, wish, written.length > 0 || facts.service.value.stale);
    if ("refused" in started) return started;
    return [...checkedFirst(written, a, texts), ...started.map((c) => withTimes(c, facts.times))];
  },
  resultOf: (a, { after }) => ({
    name: `${a.name}.timer`,
    state: after.timer.missing ? "" : after.timer.value.active,
    enabled: after.timer.missing ? "" : after.timer.value.enabled,
    next_elapse: after.times.missing ? null : nextOf(after.times.value),
    last_trigger: after.times.missing ? null : dateOf(after.times.value.last),
  }),
  resultSoFar: (a) => ({ name: `${a.name}.timer` }),
});

/** A unit of the same name that a package brought would be hidden behind ours. */
function ofSomebodyElse({ file }: Unit, a: TimerArguments): Refusal | undefined {
  if (file === "" || file.startsWith(`${folder}/`) || file === "/dev/null") return undefined;
  return refusal(
    `${file} is there already and not ours: give the timer another name than ${a.name}, or turn that one off with the module systemd`,
  );
}

function checkedFirst(written: readonly Change[], a: TimerArguments, [service, times]: readonly (string | null)[]): Change[] {
  const check = exec("sh", "-c", verify, "sh", a.name, service ?? "", times ?? "");
  return written.map((c, i) => (i === 0 ? { ...c, steps: [check, ...c.steps] } : c));
}

/** The times are known when the timer runs; systemd's reading of its files is a change, too. */
function withTimes(planned: Change, times: Answer<TimerTimes>): Change {
  const open = times.missing ? [] : [{ question: times.question, value: { ...times.value, next: null } }];
  const reread = { name: "unit files", before: "newer than what systemd has read", after: "read" };
  return { ...planned, fields: planned.fields.length > 0 ? planned.fields : [reread], predicts: [...planned.predicts, ...open] };
}

/** Stopped first, as long as systemd knows what it is; read again when the files are gone. */
function absentPair(a: TimerArguments, answer: Answer<Unit>, removed: readonly Change[]): readonly Change[] | Refusal {
  const stopped = changeUnit(answer, { name: `${a.name}.timer`, state: "stopped", enabled: false }, false);
  if ("refused" in stopped) return stopped;
  const reread = exec("systemctl", "daemon-reload");
  const undo = (c: Change) => ({ paths: c.undo?.paths ?? [], run: [["systemctl", "daemon-reload"]] });
  const last = removed.length - 1;
  return [...stopped, ...removed.map((c, i) => (i === last ? { ...c, steps: [...c.steps, reread], opaque: true, undo: undo(c) } : c))];
}

function nextOf({ next, nextUptime }: TimerTimes): string | null {
  return next ? dateOf(next) : nextUptime === "" ? null : `${nextUptime} after boot`;
}

/** `Sun 2026-11-22 03:30:54 UTC` as `2026-11-22T03:30:54Z`. */
function dateOf(text: string): string | null {
  const [, day, time] = /(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)/.exec(text) ?? [];
  return day === undefined ? null : `${day}T${time}Z`;
}
