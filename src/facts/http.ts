import { defineFact, NoAnswer } from "../kernel/fact.ts";
import { joinShell, Shell, sh } from "../kernel/sh.ts";
import { Secret } from "../kernel/value.ts";
import { type InEnvironment, surrounded } from "./environment.ts";
import { Records } from "./records.ts";

/** A request that the target sends. */
export interface HttpKey extends InEnvironment {
  readonly url: string;
  readonly method: string;
  /** curl's configuration: everything that may be secret goes by its standard input. */
  readonly config: string | Secret;
  /** sha256 of the configuration, so that requests that differ in a secret only are two questions. */
  readonly digest: string;
  /** Seconds. */
  readonly timeout: number;
  /** wget may do it too: a plain GET. */
  readonly plain: boolean;
}

export interface HttpValue {
  /** Status code; -1 when there was no answer. */
  readonly status: number;
  /** Why there was no answer, else empty. */
  readonly error: string;
  /** The last response's headers, in lower case; empty through wget. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** The address after redirects. */
  readonly url: string;
}

const trailer = "\\n%{http_code} %{size_header} %{url_effective}";

/** Prints the exit code, and curl's headers, body and trailer. Without curl, wget serves for a plain GET. */
const program = `
if command -v curl >/dev/null 2>&1; then printf '%s' "$1" | curl -q -sS -i -K - -w "$4" 2>&1; echo " $?"
elif [ "$2" = plain ] && command -v wget >/dev/null 2>&1; then wget -q -T "$3" -O - "$5" 2>&1; echo " wget $?"
else echo " none"; fi`;

/** The shell text that sends one request and prints the answer. */
export function httpScript(key: HttpKey): Shell {
  const config = key.config instanceof Secret ? key.config.reveal() : key.config;
  return joinShell([
    sh`_http() {`,
    Shell.trusted(program.trim()),
    sh`}`,
    sh`_http ${config} ${key.plain ? "plain" : "-"} ${key.timeout} ${trailer} ${key.url}`,
  ]);
}

/** What a web address answers to a request that the target sends. */
export const http = defineFact<HttpKey, HttpValue>({
  kind: "http",
  summary: "What a web address answers to a request that the target sends.",
  object: (key) => `${key.method} ${key.url}`,
  script: (keys) =>
    joinShell(
      keys.flatMap((key) => [
        sh`_b=$( {`,
        surrounded(key, httpScript(key)),
        Shell.trusted(`} | tr -d '\\000'); printf '%s\\n%s\\n' "\${#_b}" "$_b"`),
      ]),
    ),
  read(stdout, keys) {
    const records = new Records(stdout, "http");
    const values = keys.map((key) => readHttp(records.bytes(Number(records.line())), key.url));
    records.end();
    return values;
  },
});

/** Takes apart what the script printed for one request. */
export function readHttp(text: Buffer, url: string): HttpValue | NoAnswer {
  const end = text.lastIndexOf(" ");
  const rc = text
    .subarray(end + 1)
    .toString()
    .trim();
  if (rc === "none") return new NoAnswer("neither curl is on this host nor, for a plain GET, wget");
  const wget = text.subarray(0, end).toString("latin1").endsWith(" wget");
  const said = text.subarray(0, wget ? end - 5 : end);
  if (wget)
    return rc === "0"
      ? { status: 200, error: "", headers: {}, body: said.toString(), url }
      : { status: -1, error: said.toString().trim() || `wget ended with ${rc}`, headers: {}, body: "", url };
  const match = /\n(\d{3}) (\d+) (\S*)$/.exec(said.toString("latin1"));
  if (!match) throw new Error(`http: unexpected record ${JSON.stringify(said.toString().slice(-80))}`);
  const content = said.subarray(0, match.index);
  if (rc !== "0") return { status: -1, error: content.toString().trim() || `curl ended with ${rc}`, headers: {}, body: "", url };
  const size = Number(match[2]);
  return {
    status: Number(match[1]),
    error: "",
    headers: headersOf(content.subarray(0, size).toString()),
    body: content.subarray(size).toString(),
    url: match[3] ?? url,
  };
}

function headersOf(text: string): Record<string, string> {
  const last =
    text
      .trimEnd()
      .split(/\r?\n\r?\n/)
      .at(-1) ?? "";
  const pairs = last
    .split(/\r?\n/)
    .slice(1)
    .map((line) => line.split(/:\s*(.*)/s));
  return Object.fromEntries(pairs.map(([name = "", value = ""]) => [name.toLowerCase(), value]));
}
