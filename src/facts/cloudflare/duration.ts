/** `24h`, `24h0m0s` and `1440m` in minutes; null where there is none. */
export function minutesOf(duration: unknown): number | null {
  const match = /^(?:(\d+)h)?(?:(\d+)m)?(?:\d+s)?$/.exec(typeof duration === "string" ? duration : "-");
  return match ? Number(match[1] ?? 0) * 60 + Number(match[2] ?? 0) : null;
}
