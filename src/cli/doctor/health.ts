import { defineFact } from "../../kernel/fact.ts";
import { sh } from "../../kernel/sh.ts";

/** What the doctor learns of a host in one question. */
export interface Health {
  readonly user: string;
  readonly uid: number;
  /** Seconds since 1970 on the host. */
  readonly clock: number;
  readonly kernel: string;
  /** Program that runs our text, `dash` or `busybox`; empty where it cannot be told. */
  readonly shell: string;
  /** Programs that the runner needs and does not find. */
  readonly missing: readonly string[];
  readonly free: readonly { readonly mount: string; readonly kib: number }[];
  /** Can this user make files in /tmp? */
  readonly tmp: boolean;
}

/** Programs that facts and steps use on every target; each is in OpenWrt's default BusyBox. */
const tools = [
  "awk",
  "cat",
  "chmod",
  "chown",
  "cut",
  "df",
  "find",
  "grep",
  "id",
  "ls",
  "mkdir",
  "mv",
  "readlink",
  "rm",
  "sed",
  "sha256sum",
  "sort",
  "tr",
  "uname",
  "wc",
];

/** Is this target fit for a run, as the user who asks? */
export const health = defineFact<"", Health>({
  kind: "health",
  summary: "Whether the target has what a run needs.",
  object: () => "",
  script: () => sh`
printf 'user %s\n' "$(id -un 2>/dev/null || id -u)"
printf 'uid %s\n' "$(id -u)"
printf 'clock %s\n' "$(date +%s)"
printf 'kernel %s\n' "$(uname -sr)"
_shell=$(readlink /proc/$$/exe 2>/dev/null) || _shell=
printf 'shell %s\n' "$_shell"
for _tool in ${tools}; do command -v "$_tool" >/dev/null 2>&1 || printf 'missing %s\n' "$_tool"; done
if [ -d /tmp ] && [ -w /tmp ]; then printf 'tmp yes\n'; else printf 'tmp no\n'; fi
df -Pk / /tmp /var 2>/dev/null | awk 'NR > 1 { print "free", $4, $6 }' | sort -u
printf 'end\n'`,
  read: (stdout) => [readHealth(stdout.toString("utf8"))],
});

function readHealth(text: string): Health {
  const lines = text.trimEnd().split("\n");
  if (lines.at(-1) !== "end") throw new Error(`unexpected answer: ${JSON.stringify(text.slice(-200))}`);
  const all = (key: string): string[] => lines.filter((l) => l.startsWith(`${key} `)).map((l) => l.slice(key.length + 1));
  const one = (key: string): string => all(key)[0] ?? "";
  return {
    user: one("user"),
    uid: Number(one("uid")),
    clock: Number(one("clock")),
    kernel: one("kernel"),
    shell: one("shell").replace(/^.*\//, ""),
    missing: all("missing"),
    tmp: one("tmp") === "yes",
    free: all("free").map((l) => ({ kib: Number(l.split(" ")[0]), mount: l.slice(l.indexOf(" ") + 1) })),
  };
}
