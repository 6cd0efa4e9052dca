import { createHash } from "node:crypto";
import type { HttpKey } from "../../facts/http.ts";
import { Secret } from "../../kernel/value.ts";

export interface HttpRequest {
  readonly url: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string | number | Secret>>;
  readonly body?: string | Secret | undefined;
  readonly user?: string | undefined;
  readonly password?: Secret | string | undefined;
  readonly timeout: number;
  readonly verify: boolean;
  readonly follow: boolean;
}

/** The request as a question, everything that may be secret in curl's configuration. */
export function httpKey(r: HttpRequest): HttpKey {
  const secrets = [...Object.values(r.headers), r.body, r.password].some((v) => v instanceof Secret);
  const options: [string, string][] = [
    ["url", r.url],
    ["max-time", String(r.timeout)],
    ["proto", "=http,https"],
  ];
  if (r.method === "HEAD") options.push(["head", ""]);
  else options.push(["request", r.method]);
  for (const [name, value] of Object.entries(r.headers)) options.push(["header", `${name}: ${plain(value)}`]);
  if (r.body !== undefined) options.push(["data-raw", plain(r.body)]);
  if (r.user !== undefined) options.push(["user", `${r.user}:${plain(r.password ?? "")}`]);
  if (!r.verify) options.push(["insecure", ""]);
  if (r.follow) options.push(["location", ""]);
  const config = options.map(([name, value]) => (value === "" ? name : `${name} = "${escaped(value)}"`)).join("\n");
  const digest = createHash("sha256").update(config).digest("hex");
  const bare = r.method === "GET" && Object.keys(r.headers).length === 0 && r.body === undefined && r.user === undefined && r.verify;
  return { url: r.url, method: r.method, config: secrets ? new Secret(config) : config, digest, timeout: r.timeout, plain: bare };
}

function plain(value: string | number | Secret): string {
  return value instanceof Secret ? value.reveal() : String(value);
}

/** As a quoted value of curl's configuration. */
function escaped(text: string): string {
  return text.replace(/[\\"]/g, "\\$&").replace(/\n/g, "\\n").replace(/\r/g, "\\r").replace(/\t/g, "\\t");
}
