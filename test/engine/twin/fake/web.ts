import { createHash } from "node:crypto";
import type { HttpKey, HttpValue } from "../../../../src/facts/http.ts";
import { Secret } from "../../../../src/kernel/value.ts";
import { pack, unpack } from "./archives.ts";
import type { FakeMachine } from "./machine.ts";
import { type Program, unknownWords } from "./program.ts";
import { NotModelled, Trouble } from "./trouble.ts";

const site: Readonly<Record<string, string>> = { "https://files.example.org/one": "one\n", "https://files.example.org/two": "two\n" };

/** A stand-in for the web: what webd on the machine answers while it runs. */
export function request(m: FakeMachine, method: string, url: string): HttpValue {
  const running = m.units.running.get("webd.service")?.active === "active";
  if (!running) return { status: -1, error: "curl: (7) Failed to connect to 127.0.0.1 port 80", headers: {}, body: "", url };
  const answer = (status: number, body: string): HttpValue => ({ status, error: "", headers: {}, body, url });
  if (url === "http://127.0.0.1/health" && method === "GET") return answer(200, "ok");
  if (url !== "http://127.0.0.1/items") throw new NotModelled(`the fake web does not know ${method} ${url}`);
  if (method === "POST") m.items++;
  return answer(200, JSON.stringify({ items: m.items }));
}

export function asked(m: FakeMachine, key: HttpKey): HttpValue {
  return request(m, key.method, key.url);
}

/** The script of `uri` for a request that acts: its output as curl's. */
export function requestScript(m: FakeMachine, text: string): string {
  const [, url = ""] = /url = "([^"]*)"/.exec(text) ?? [];
  const [, method = ""] = /request = "([^"]*)"/.exec(text) ?? [];
  const { status, error, body } = request(m, method, url);
  if (status < 0) return `${error}\n000 0 ${url} 7\n`;
  const head = `HTTP/1.1 ${status} OK\r\n\r\n`;
  return `${head}${body}\n${status} ${head.length} ${url} 0\n`;
}

/** The downloads of get_url and of keys of repositories. */
export const sh: Program = (m, words, stdin, as) => {
  const [flag, program = "", name, ...rest] = words;
  if (words.length === 2 && program === "[ ! -d /run/systemd/system ] || systemctl daemon-reload") {
    m.units.reread();
    return "";
  }
  if (flag !== "-c" || name !== "sh") return unknownWords("sh", words);
  if (program.includes("systemd-analyze verify") && rest.length === 3) {
    if (rest[1]?.includes("/opt/none"))
      throw new Trouble(1, `${rest[0]}.service: Command /opt/none is not executable: No such file or directory`);
    return "";
  }
  if (program.includes("_members() {") && rest.length === 9) return unpack(m, rest, as);
  if (program.includes("_pack_list() {") && rest.length === 9) return pack(m, rest);
  if (program.includes("curl -q -fsS -K -") && rest.length === 6) {
    const [path = "", sha = "", who = "", mode = ""] = rest;
    const [, url = ""] = /url = "([^"]*)"/.exec(stdin) ?? [];
    return fetched(m, url, path, sha, who, mode);
  }
  if (program.includes("curl -fsSL --proto =https") && rest.length === 3) {
    const [url = "", path = "", sha = ""] = rest;
    return fetched(m, url, path, sha, "0:0", "00644");
  }
  return unknownWords("sh", words);
};

function fetched(m: FakeMachine, url: string, path: string, sha: string, who: string, mode: string): string {
  const body = site[url];
  if (body === undefined) throw new Trouble(1, `curl: (22) The requested URL returned error: 404: ${url}`);
  const digest = createHash("sha256").update(body).digest("hex");
  if (sha !== "-" && sha !== digest)
    throw new Trouble(1, `what was fetched has the sha256 ${digest}, not the wanted one: nothing was changed`);
  const [owner = "", group = ""] = who.split(":");
  const [uid, gid] = [m.accounts.uidOf(owner), m.accounts.gidOf(group)];
  if (uid === undefined || gid === undefined) throw new Trouble(1, `chown: invalid user: '${who}'`);
  m.files.put(path, { kind: "file", mode: Number.parseInt(mode, 8), uid, gid, content: Buffer.from(body) });
  return "";
}

export function plainText(text: string | Secret): string {
  return text instanceof Secret ? text.reveal() : text;
}
