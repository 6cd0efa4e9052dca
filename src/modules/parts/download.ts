import type { ExecStep } from "../../kernel/step.ts";
import { Secret } from "../../kernel/value.ts";
import type { Attributes } from "./attributes.ts";
import { httpKey } from "./http-request.ts";

export interface Download {
  readonly url: string;
  readonly path: string;
  /** In hex; undefined when nobody can know it. */
  readonly sha256: string | undefined;
  readonly headers?: Readonly<Record<string, string | Secret>> | undefined;
  readonly timeout: number;
  readonly attributes: Attributes;
}

/** Arguments: PATH SHA256 OWNER MODE TIMEOUT URL, URL empty where only curl will do. curl's configuration comes by stdin. */
const program = `
new=$1.rempart.$$
umask 077
trap 'rm -f "$new"' EXIT
trap 'exit 1' HUP INT TERM
if command -v curl >/dev/null 2>&1; then curl -q -fsS -K - -o "$new" || exit 1
elif [ -z "$6" ]; then echo "curl is not on this host, and wget would show the headers in the process list" >&2; exit 1
elif command -v wget >/dev/null 2>&1; then wget -q -T "$5" -O "$new" "$6" || { echo "wget could not fetch $6" >&2; exit 1; }
else echo "neither curl nor wget is on this host: install one of them before this task" >&2; exit 1
fi
got=$(sha256sum <"$new"); got=\${got%% *}
if [ "$2" != - ] && [ "$got" != "$2" ]; then echo "what was fetched has the sha256 $got, not the wanted one: nothing was changed" >&2; exit 1; fi
chown "$3" "$new" && chmod "$4" "$new" && mv -f "$new" "$1"`.trim();

/** Fetches into a file beside the path, checks it, and renames it into its place. */
export function download({ url, path, sha256, headers = {}, timeout, attributes }: Download): ExecStep {
  const { config } = httpKey({ url, method: "GET", headers, timeout, verify: true, follow: true });
  const bare = Object.keys(headers).length === 0;
  const { owner, group, mode } = attributes;
  return {
    do: "exec",
    argv: ["sh", "-c", program, "sh", path, sha256 ?? "-", `${owner}:${group}`, `0${mode}`, String(timeout), bare ? url : ""],
    stdin: config instanceof Secret ? config : `${config}\n`,
    timeout: timeout + 30,
  };
}
