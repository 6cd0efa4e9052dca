import type { Health } from "./health.ts";

/** One thing that the doctor says of a host. */
export interface Finding {
  /** fail: a run would stop here. warn: a person should look at it. */
  readonly level: "ok" | "warn" | "fail";
  readonly text: string;
  /** What to do about it. */
  readonly help?: string;
}

/** A clock that is further off breaks certificates, one-time codes and apt. Seconds. */
const clockBound = 30;
/** Less than this and packages or images will not fit. KiB. */
const roomBound = 256 * 1024;

/** What is to be said of a healthy or less healthy host; `offset` is the host's clock minus ours, in seconds. */
export function verdict(h: Health, offset: number): Finding[] {
  const findings: Finding[] = [];
  if (h.missing.length > 0)
    findings.push({
      level: "fail",
      text: `missing: ${h.missing.join(", ")}`,
      help: "install them: on Debian coreutils, findutils, grep, sed and mawk; on OpenWrt they are in busybox",
    });
  if (!h.tmp) findings.push({ level: "fail", text: `/tmp cannot be written by ${h.user}`, help: "mount a tmpfs on /tmp, with mode 1777" });
  if (Math.abs(offset) > clockBound) {
    const way = offset > 0 ? "ahead" : "late";
    findings.push({
      level: "warn",
      text: `the clock is ${Math.round(Math.abs(offset))} s ${way}`,
      help: "run a time service: timedatectl set-ntp true",
    });
  }
  for (const { mount, kib } of h.free) {
    if (kib < roomBound)
      findings.push({ level: "warn", text: `only ${size(kib)} free on ${mount}`, help: "make room, or packages and images will not fit" });
  }
  return findings;
}

/** The line for a host without trouble. */
export function described(h: Health, offset: number): string {
  const root = h.free.find((f) => f.mount === "/") ?? h.free[0];
  return [
    `${h.user}${h.uid === 0 ? "" : ` (uid ${h.uid})`}`,
    h.kernel,
    ...(h.shell ? [h.shell] : []),
    `clock ${offset < 0 ? "-" : "+"}${Math.abs(offset).toFixed(1)} s`,
    ...(root ? [`${size(root.kib)} free on ${root.mount}`] : []),
  ].join(", ");
}

function size(kib: number): string {
  if (kib >= 1024 * 1024) return `${(kib / 1024 / 1024).toFixed(1)} GiB`;
  return `${Math.round(kib / 1024)} MiB`;
}
