// Emulator, never seen on hardware: written from a public client of the Bbox (reversed in 2026). Names differ between writing and
// reading, a PUT only switches on and off, writes need a short-lived token, and wrong logins shut the door for longer each time.
import { randomUUID } from "node:crypto";
import { type Answered, type Asked, EmulatedBox } from "./server.ts";

type Form = Readonly<Record<string, string>>;

const forms: Readonly<Record<string, Readonly<Record<string, RegExp>>>> = {
  "nat/rules": {
    enable: /^[01]$/,
    description: /^.{1,40}$/,
    protocol: /^(tcp|udp)$/,
    ipaddress: /^[0-9.]+$/,
    external_port: /^\d+$/,
    internal_port: /^\d+$/,
    ipremote: /^[0-9.]*$/,
    range: /^$/,
    ipprotocol: /^IPv4$/,
  },
  "dhcp/clients": {
    enable: /^[01]$/,
    macaddress: /^([0-9a-f]{2}:){5}[0-9a-f]{2}$/,
    ipaddress: /^[0-9.]+$/,
    hostname: /^[A-Za-z0-9-]{1,63}$/,
  },
};

export class BboxEmulator extends EmulatedBox {
  readonly password = "bouygues-7";
  readonly lists: Record<string, (Form & { readonly id: string })[]> = { "nat/rules": [], "dhcp/clients": [] };
  ports = "";
  /** Wrong logins so far, and logins that were shut out. */
  wrong = 0;
  shut = 0;
  otherFamily = false;
  #cookie = "";
  #token = "";
  #endsAt = "";
  #next = 1;

  /** The session ends just before this request. */
  endSessionAt(request: string): void {
    this.#endsAt = request;
  }

  add(path: string, form: Form): void {
    this.lists[path]?.push({ ...form, id: String(this.#next++) });
  }

  protected answer(asked: Asked): Answered {
    const { method, headers } = asked;
    const path = asked.path.replace(/^\/api\/v1\//, "");
    if (headers["x-requested-with"] === undefined || headers.origin !== this.server.url || headers.referer !== `${this.server.url}/login`)
      return bad(400, "headers", "missing");
    if (path === "login" && method === "PUT") return this.#login(asked);
    if (`${method} ${path}` === this.#endsAt) [this.#endsAt, this.#cookie] = ["", ""];
    if (this.#cookie === "" || headers.cookie !== this.#cookie) return bad(401, "session", "expired");
    if (method === "GET") return this.#read(path);
    if (path === "logout") return { status: 200 };
    const { query } = asked;
    if (query.get("btoken") !== this.#token || this.#token === "") return bad(403, "btoken", "invalid");
    // A token is good for one write here, so that nobody keeps it too long.
    this.#token = "";
    return this.#write(method, path, Object.fromEntries(new URLSearchParams(asked.body)));
  }

  #login(asked: Asked): Answered {
    if (this.wrong >= 3) {
      this.shut++;
      return bad(429, "login", "too many attempts");
    }
    const form = new URLSearchParams(asked.body);
    if (form.get("password") !== this.password || form.get("remember") !== "1") {
      this.wrong++;
      return bad(401, "password", "invalid");
    }
    this.#cookie = `BBOX_ID=${randomUUID()}`;
    return { status: 200, headers: { "set-cookie": [`${this.#cookie}; Path=/; Secure; HttpOnly`] } };
  }

  #read(path: string): Answered {
    const ok = (body: unknown): Answered => ({ status: 200, body });
    switch (path) {
      case "device/token":
        if (this.otherFamily) return bad(404, "url", "unknown");
        this.#token = randomUUID();
        return ok([
          { device: { token: this.#token, now: new Date().toISOString(), expires: new Date(Date.now() + 60_000).toISOString() } },
        ]);
      case "nat/rules":
        return ok([{ nat: { enable: 1, rules: this.lists[path]?.map(readRule) } }]);
      case "dhcp/clients":
        return ok([
          { dhcp: { clients: this.lists[path]?.map(({ id, ...form }) => ({ id: Number(id), ...form, enable: Number(form.enable) })) } },
        ]);
      case "wan/ip":
        return ok([
          {
            wan: {
              internet: { state: 2 },
              ip: { address: "100.70.1.2", portrange: this.ports, ip6prefix: [{ prefix: "2001:db8:b::/60" }] },
            },
          },
        ]);
      case "upnp/igd":
        return ok([{ upnp: { igd: { enable: 0 } } }]);
      case "device":
        return ok([{ device: { main: { version: "23.7.10" }, uptime: Math.random() } }]);
      default:
        return bad(404, "url", "unknown");
    }
  }

  #write(method: string, whole: string, form: Form): Answered {
    const [, path = "", id = ""] = /^(nat\/rules|dhcp\/clients)(?:\/(\d+))?$/.exec(whole) ?? [];
    const fields = forms[path];
    const list = this.lists[path];
    if (!fields || !list) return bad(404, "url", "unknown");
    const at = list.findIndex((r) => r.id === id);
    if (method === "DELETE" && at >= 0) {
      list.splice(at, 1);
      return { status: 200, wrote: true };
    }
    if (method === "PUT" && at >= 0) {
      if (Object.keys(form).join() !== "enable") return bad(400, "enable", "only this can be changed");
      list[at] = { ...(list[at] as Form & { id: string }), enable: form.enable ?? "" };
      return { status: 200, wrote: true };
    }
    if (method !== "POST" || id !== "") return bad(404, "id", "unknown");
    const unknown = Object.keys(form).find((name) => !(name in fields));
    const wrong = unknown ?? Object.keys(fields).find((name) => !fields[name]?.test(form[name] ?? "-"));
    if (wrong !== undefined) return bad(400, wrong, "invalid");
    if (
      list.some((r) =>
        path === "nat/rules" ? r.external_port === form.external_port && r.protocol === form.protocol : r.macaddress === form.macaddress,
      )
    )
      return bad(400, "external_port", "already used");
    this.add(path, form);
    return { status: 201, headers: { location: `/api/v1/${path}/${this.#next - 1}` }, wrote: true };
  }
}

function readRule({
  id,
  enable,
  description,
  protocol,
  external_port,
  internal_port,
  ipaddress,
  ipremote,
}: Form & { readonly id: string }): unknown {
  return {
    id: Number(id),
    enable: Number(enable),
    description,
    protocol,
    externalport: external_port,
    internalport: internal_port,
    internalip: ipaddress,
    ipremote,
  };
}

function bad(status: number, name: string, reason: string): Answered {
  return { status, body: { exception: { domain: "v1/x", code: String(status), errors: [{ name, reason }] } } };
}
