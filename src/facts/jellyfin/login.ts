import { defineFact, NoAnswer } from "../../kernel/fact.ts";
import { joinShell, Shell, sh } from "../../kernel/sh.ts";
import { readRecords, wholeNumber } from "../lines.ts";
import { ask, type JellyfinKey, login } from "./requests.ts";

/** A login that is tried: `admin` and `password` of the key are whose it is. */
export interface JellyfinLoginKey extends JellyfinKey {
  /** Address of the visitor, as a proxy would tell it. */
  readonly from: string;
}

export interface JellyfinLogin {
  /** What the server answers: 200 lets in, 401 does not take the password, 403 does not let this user in; 0 when no healthy server is there. */
  readonly status: number;
}

/** `jellyfinLogin({ ...jellyfinKey(url, name, password), from: "203.0.113.77" })`: logs in and, where that went well, out again. */
export const jellyfinLogin = defineFact<JellyfinLoginKey, JellyfinLogin>({
  kind: "jellyfin_login",
  summary: "Whether a Jellyfin server lets somebody in from an address.",
  object: ({ admin, from, url }) => `${admin} from ${from} at ${url}`,
  script: (keys) => joinShell(keys.map(one)),
  read: (stdout, keys) => readRecords("jellyfin_login", stdout, keys, (line) => ({ status: wholeNumber(line) })),
  write: (_key, { status }) => `${status}\n`,
  absent: ({ status }) => status === 0,
  ifChanged: ({ url }, _value, object) =>
    object === `jellyfin ${url}` || object.startsWith("compose_project ")
      ? new NoAnswer("whom the server will let in is not known yet")
      : undefined,
});

function one(key: JellyfinLoginKey): Shell {
  return joinShell([
    ask,
    sh`_login() {
if ! command -v curl >/dev/null 2>&1; then echo '!curl is not on this host'; return; fi
_jf GET ${`${key.url}/health`} ''
if [ "$_e" != 0 ] || [ "$_r" != Healthy ]; then echo 0; return; fi
_from=${key.from}
_device=rempart-proof
${login(key)}
_o=$_s
if [ -n "$_t" ]; then _jf POST ${`${key.url}/Sessions/Logout`} ''; fi
case $_o in [2-5]??) echo "$_o" ;; *) echo 0 ;; esac
}`,
    Shell.trusted("_login"),
  ]);
}
