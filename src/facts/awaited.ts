import { defineFact } from "../kernel/fact.ts";
import { joinShell, Shell, sh } from "../kernel/sh.ts";
import { readRecords } from "./lines.ts";

/** What is waited for: a port that takes connections, a path that is there, a line in a file; or the opposite. */
export interface AwaitedKey {
  readonly port?: number;
  readonly host?: string;
  readonly path?: string;
  /** For grep -E: a line of the file at `path`. */
  readonly line?: string;
  readonly state: "there" | "gone" | "drained";
}

export interface AwaitedValue {
  readonly holds: boolean;
}

const local = new Set(["127.0.0.1", "localhost", "::1", "0.0.0.0"]);

/** Addresses in /proc/net/tcp and tcp6 that a connection to this machine's loopback reaches: any, and loopback. */
const reached = `($2 ~ /^(00000000|0100007F|00000000000000000000000000000000|00000000000000000000000001000000|0000000000000000FFFF00000100007F):/)`;

/** A port, a path or a line in a file: there or not. */
export const awaited = defineFact<AwaitedKey, AwaitedValue>({
  kind: "awaited",
  summary: "Whether a port takes connections, a path is there, or a file holds a line.",
  object: (key) => key.path ?? `${key.host ?? ""}:${key.port ?? ""}`,
  script: (keys) =>
    joinShell(
      keys.map(
        (key) =>
          sh`_q=0; { ${condition(key)}; } || _q=$?; case $_q in 0) echo yes ;; 3) echo '!neither bash nor an nc with -z is on this host to try the port' ;; *) echo no ;; esac`,
      ),
    ),
  read: (stdout, keys) =>
    readRecords("awaited", stdout, keys, (line) => {
      if (line !== "yes" && line !== "no") throw new Error(`awaited: unexpected record ${JSON.stringify(line)}`);
      return { holds: line === "yes" };
    }),
  write: (_key, value) => (value.holds ? "yes\n" : "no\n"),
});

/** Shell text whose exit code is 0 when it holds, 1 when not, 3 when it cannot be told. */
export function condition(key: AwaitedKey): Shell {
  if (key.path !== undefined) {
    const there =
      key.line === undefined ? sh`{ [ -e ${key.path} ] || [ -L ${key.path} ]; }` : sh`grep -qE -e ${key.line} ${key.path} 2>/dev/null`;
    return key.state === "gone" ? sh`! ${there}` : there;
  }
  const port = key.port ?? 0;
  const hex = port.toString(16).toUpperCase().padStart(4, "0");
  const sockets = (test: string): Shell =>
    Shell.trusted(
      `awk '$2 ~ /:${hex}$/ && ${test} { f = 1 } END { exit !f }' $([ -r /proc/net/tcp6 ] && echo /proc/net/tcp6) /proc/net/tcp`,
    );
  if (key.state === "drained") return sh`! ${sockets(`$4 != "0A" && $4 != "06"`)}`;
  const host = key.host ?? "127.0.0.1";
  const tried = sh`if command -v bash >/dev/null 2>&1; then bash -c 'exec 5<>"/dev/tcp/$0/$1"' ${host} ${port} >/dev/null 2>&1 </dev/null; elif nc -h 2>&1 </dev/null | grep -q -e '-[a-zA-Z]*z'; then nc -z -w 5 ${host} ${port} >/dev/null 2>&1 </dev/null; else (exit ${local.has(host) ? 1 : 3}); fi`;
  const open = local.has(host) ? sh`${sockets(`$4 == "0A" && ${reached}`)} || ${tried}` : tried;
  return key.state === "gone" ? sh`_g=0; { ${open}; } || _g=$?; case $_g in 0) (exit 1) ;; 3) (exit 3) ;; esac` : open;
}
