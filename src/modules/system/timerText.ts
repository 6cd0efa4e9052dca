import type { TimerArguments } from "./timerFields.ts";

const head = "# Written by Rempart, which replaces the whole file.\n";

type Setting = string | number | boolean | readonly (string | number)[] | undefined;

/** Text of NAME.service. */
export function serviceText(a: TimerArguments): string {
  const online = a.network ? "network-online.target" : undefined;
  const unit = section("Unit", {
    Description: plain(a.description ?? a.name),
    Wants: online,
    After: online,
    RequiresMountsFor: a.requires_mounts_for?.map(quoted),
    OnFailure: a.on_failure,
  });
  const service = section("Service", {
    Type: "oneshot",
    User: a.user,
    Group: a.group,
    WorkingDirectory: a.working_directory && plain(a.working_directory),
    ...lists("Environment", a.environment, (name, value) => quoted(`${name}=${value}`)),
    ...lists("LoadCredential", a.load_credential, (name, path) => `${name}:${plain(path)}`),
    TimeoutStartSec: a.timeout,
    SuccessExitStatus: a.success_codes,
    ...(a.sandbox as Readonly<Record<string, Setting>> | undefined),
    ExecStart: (a.command ?? []).map((word) => quoted(word.replaceAll("$", "$$$$"))).join(" "),
  });
  return `${head}${unit}\n${service}`;
}

/** Text of NAME.timer. */
export function timerText(a: TimerArguments): string {
  const unit = section("Unit", { Description: `${plain(a.description ?? a.name)} (timer)` });
  const timer = section("Timer", {
    ...lists("OnCalendar", a.on_calendar && Object.fromEntries(a.on_calendar.map((when, i) => [i, when])), (_, when) => String(when)),
    OnBootSec: a.on_boot,
    OnActiveSec: a.on_active,
    OnUnitActiveSec: a.on_unit_active,
    OnUnitInactiveSec: a.on_unit_inactive,
    Persistent: a.on_calendar && a.persistent,
    RandomizedDelaySec: a.randomized_delay,
    AccuracySec: a.accuracy,
  });
  return `${head}${unit}\n${timer}\n${section("Install", { WantedBy: "timers.target" })}`;
}

function section(name: string, settings: Readonly<Record<string, Setting>>): string {
  const lines = Object.entries(settings).flatMap(([key, value]) => {
    // A key that stands several times is numbered here.
    const bare = key.replace(/ .*/, "");
    return value === undefined ? [] : [`${bare}=${Array.isArray(value) ? value.join(" ") : String(value)}\n`];
  });
  return `[${name}]\n${lines.join("")}`;
}

function lists<T>(
  key: string,
  map: Readonly<Record<string, T>> | undefined,
  text: (name: string, value: T) => string,
): Record<string, string> {
  return Object.fromEntries(Object.entries(map ?? {}).map(([name, value]) => [`${key} ${name}`, text(name, value)]));
}

/** systemd would take a percent sign for a specifier. */
function plain(text: string): string {
  return text.replaceAll("%", "%%");
}

function quoted(word: string): string {
  const text = plain(word);
  return /^[A-Za-z0-9_/.,:@+=%^~$-]+$/.test(text) ? text : `"${text.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"`;
}
