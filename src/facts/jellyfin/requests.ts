import { createHash } from "node:crypto";
import { joinShell, Shell, sh } from "../../kernel/sh.ts";
import { revealed, Secret } from "../../kernel/value.ts";

/** A Jellyfin server as the target reaches it, and who asks it. */
export interface JellyfinKey {
  /** Without a slash at its end: `http://127.0.0.1:8096`. */
  readonly url: string;
  readonly admin: string;
  readonly password: string | Secret;
  /** sha256 of the password, so that another one is another question. */
  readonly digest: string;
}

/** A request to the server. */
export interface JellyfinCall {
  readonly method: "GET" | "POST" | "DELETE";
  /** With its query. `{id}` in it is the id that the answer to the call before gave. */
  readonly path: string;
  /** Sent as JSON. */
  readonly body?: unknown;
}

export function jellyfinKey(url: string, admin: string, password: string | Secret): JellyfinKey {
  return { url: url.replace(/\/+$/, ""), admin, password, digest: createHash("sha256").update(plain(password)).digest("hex") };
}

/**
 * `_jf METHOD URL OPTIONS`: asks by curl, everything by its standard input; the body is then in `_r`, the status in `_s`, curl's exit code in `_e`.
 * A request comes from the host itself, and says so: behind a known proxy's address it would count as a visitor without an address of his own.
 * `_from` is that address, `_device` what the server takes it for, `_most` the seconds that it may take.
 */
export const ask = Shell.trusted(`
_nl='
'
_t=
_from=127.0.0.1
_device=rempart
_most=60
_jf() {
_r=$( { printf 'request = "%s"\\nurl = "%s"\\ngloboff\\nnoproxy = "*"\\nproto = "=http,https"\\nmax-time = %s\\nheader = "X-Forwarded-For: %s"\\n%s\\n' "$1" "$2" "$_most" "$_from" "$3"
printf 'header = "Authorization: MediaBrowser Client=\\\\"Rempart\\\\", Device=\\\\"Rempart\\\\", DeviceId=\\\\"%s\\\\", Version=\\\\"1\\\\"' "$_device"
if [ -n "$_t" ]; then printf ', Token=\\\\"%s\\\\"' "$_t"; fi
printf '"\\n'; } | curl -q -sS -K - -w '\\n%{http_code}' 2>&1)
_e=$?
_s=\${_r##*"$_nl"}
_r=\${_r%"$_nl"*}
}`);

/** Sets `_t`, or leaves it empty; `_s` is the status of the login. */
export function login(key: JellyfinKey): Shell {
  return sh`_jf POST ${`${key.url}/Users/AuthenticateByName`} ${bodyOption({ Username: key.admin, Pw: plain(key.password) })}
_t=$(printf '%s' "$_r" | sed -n 's/.*"AccessToken":"\([0-9A-Za-z]*\)".*/\1/p')`;
}

/** The options of curl for a body, none for undefined. */
export function bodyOption(body: unknown): string {
  if (body === undefined) return "";
  const text = JSON.stringify(revealed(body));
  return `header = "Content-Type: application/json"\ndata-raw = "${text.replace(/[\\"]/g, "\\$&")}"`;
}

/** What the server is asked for when it is set up and lets the administrator in, in this order. */
export const documents = [
  "/System/Info/Public",
  "/Users",
  "/Library/VirtualFolders",
  "/System/Configuration",
  "/System/Configuration/network",
  "/System/Configuration/encoding",
] as const;

const length = Shell.trusted(`"\${#_r}"`);

/** Prints one record: `-`, `!why`, `starting WORD`, `setup`, `denied STATUS BODY`, or `ready` and each document with its length before it. */
// When somebody was seen last is left out: our own login moves it.
export function stateScript(key: JellyfinKey): Shell {
  const get = (path: string): Shell => sh`_jf GET ${`${key.url}${path}`} ''`;
  const more = documents.slice(1).map(
    (path) => sh`if [ "$_s" = 200 ]; then ${get(path)}
_r=$(printf '%s' "$_r" | sed 's/"Last[A-Za-z]*Date":"[^"]*",\{0,1\}//g')
_o="$_o$_nl"${length}"$_nl$_r"
fi`,
  );
  return joinShell([
    ask,
    sh`_jellyfin() {
if ! command -v curl >/dev/null 2>&1; then echo '!curl is not on this host'; return; fi
${get("/health")}
case $_e in 0) ;; 6|7|28|35|52|56) echo -; return ;; *) printf '!%s\n' "$(printf '%s' "$_s $_r" | tr '\n' ' ')"; return ;; esac
if [ "$_r" != Healthy ]; then printf 'starting %s %s\n' "$_s" "$(printf '%s' "$_r" | tr '\n' ' ' | cut -c 1-60)"; return; fi
${get("/System/Info/Public")}
case $_r in
*'"StartupWizardCompleted":true'*) ;;
*'"StartupWizardCompleted":false'*) echo setup; return ;;
*) printf 'starting %s\n' "$_s"; return ;;
esac
_o=${length}"$_nl$_r"
${login(key)}
${joinShell(more)}
if [ "$_s" = 200 ]; then printf 'ready\n%s\n' "$_o"; else printf 'denied %s %s\n' "$_s" "$(printf '%s' "$_r" | tr '\n' ' ' | cut -c 1-300)"; fi
}`,
    Shell.trusted("_jellyfin"),
  ]);
}

/** The calls, one after another, as the administrator where `as` says so. The first that is refused ends it with exit code 1 and its words. */
export function callScript(key: JellyfinKey, calls: readonly JellyfinCall[], as: "administrator" | "nobody"): Secret {
  const each = calls.map(({ method, path, body }) => {
    const [before = "", after] = path.split("{id}");
    const url = after === undefined ? sh`${key.url + path}` : sh`${key.url + before}"$_id"${after}`;
    return sh`_jf ${method} ${url} ${bodyOption(body)}
${refused(`${method} ${path.replace(/\?.*/, "")}`)}
_id=$(printf '%s' "$_r" | sed -n 's/.*[{,]"Id":"\([0-9a-f]*\)".*/\1/p')`;
  });
  const first = as === "administrator" ? [login(key), refused("the login")] : [];
  return new Secret(joinShell([ask, ...first, ...each]).text, true);
}

/** Ends the script with exit code 1 and the server's words when it did not take the last request. */
export function refused(what: string): Shell {
  return sh`case $_s in 2??) ;; *) printf '%s\n' "the server answered $_s to "${what}": $_r" >&2; exit 1 ;; esac`;
}

function plain(text: string | Secret): string {
  return text instanceof Secret ? text.reveal() : text;
}
