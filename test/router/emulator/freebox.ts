// Emulator, never seen on hardware: written from the developers' pages of Freebox OS (login, fw/redir, dhcp, connection) and from
// what clients of it report: an empty list has no `result`, writes that leave out the read-only fields are refused.
import { createHmac, randomUUID } from "node:crypto";
import { type Answered, type Asked, EmulatedBox, exactly, isFlag, isIpv4, isMac, isPort, isText, Malformed, oneOf } from "./server.ts";

interface Redirection {
  readonly id: number;
  readonly enabled: boolean;
  readonly ip_proto: string;
  readonly wan_port_start: number;
  readonly wan_port_end: number;
  readonly lan_ip: string;
  readonly lan_port: number;
  readonly src_ip: string;
  readonly comment: string;
}

interface Lease {
  readonly ip: string;
  readonly mac: string;
  readonly comment: string;
}

export class FreeboxEmulator extends EmulatedBox {
  readonly appToken = "zHNyNGPwGiGTEnPVDnvDzvjIsjmSgDaGjjSoZsAGHfLNvF8vGr0XyRi1WV1SJLfy";
  readonly redirections: Redirection[] = [];
  readonly leases: Lease[] = [];
  ports: readonly [number, number] = [0, 65535];
  ipv6Firewall = true;
  rights = true;
  #endsAt = "";
  #challenge = randomUUID();
  #session = "";
  #next = 1;

  add(one: Omit<Redirection, "id">): void {
    this.redirections.push({ id: this.#next++, ...one });
  }

  /** The session ends just before this request. */
  endSessionAt(request: string): void {
    this.#endsAt = request;
  }

  protected answer(asked: Asked): Answered {
    if (asked.path === "/api_version" && asked.method === "GET")
      return {
        status: 200,
        body: {
          uid: "x",
          device_name: "Freebox Server",
          api_version: "8.5",
          api_base_url: "/api/",
          device_type: "FreeboxServer7,1",
          https_available: true,
          https_port: 443,
          api_domain: "x.fbxos.fr",
        },
      };
    const [, path] = /^\/api\/v8\/(.*)$/.exec(asked.path) ?? [];
    if (path === undefined) return refused(404, "invalid_request", "no such version of the API");
    try {
      return this.#under(path, asked);
    } catch (error) {
      if (error instanceof Malformed) return refused(400, "inval", error.message);
      throw error;
    }
  }

  #under(path: string, asked: Asked): Answered {
    const { method } = asked;
    if (path === "login/" && method === "GET") return done({ logged_in: false, challenge: this.#challenge });
    const body = asked.body === "" ? undefined : json(asked);
    if (path === "login/session/" && method === "POST") return this.#login(body);
    if (`${method} ${asked.path}` === this.#endsAt) {
      this.#endsAt = "";
      this.#session = "";
    }
    if (this.#session === "" || asked.headers["x-fbx-app-auth"] !== this.#session)
      return refused(403, "auth_required", "Vous devez vous connecter");
    if (path === "login/logout/" && method === "POST") return done();
    if (method !== "GET" && !this.rights) return refused(403, "insufficient_rights", "Cette application n'est pas autorisée");
    const [, at, id] = /^(fw\/redir|dhcp\/static_lease)\/([^/]*)$/.exec(path) ?? [];
    if (at === "fw/redir") return this.#redirection(method, id ?? "", body);
    if (at === "dhcp/static_lease") return this.#lease(method, id ?? "", body);
    if (method !== "GET") return refused(404, "invalid_request", "no such method");
    switch (path) {
      case "connection/":
        return done({
          state: "up",
          type: "ethernet",
          media: "ftth",
          ipv4: "203.0.113.7",
          ipv6: "2001:db8:7::1",
          ipv4_port_range: this.ports,
          rate_down: Math.random(),
        });
      case "connection/ipv6/config/":
        return done({
          ipv6_enabled: true,
          ipv6_firewall: this.ipv6Firewall,
          ipv6ll: "fe80::1",
          delegations: [
            { prefix: "2001:db8:7::/64", next_hop: "" },
            { prefix: "2001:db8:7:1::/64", next_hop: "fe80::2" },
          ],
        });
      case "upnpigd/config/":
        return done({ enabled: false, version: 1 });
      case "system/":
        return done({ firmware_version: "4.8.14", uptime_val: Math.floor(Math.random() * 1e6) });
      default:
        return refused(404, "invalid_request", `no such request: ${path}`);
    }
  }

  #login(body: unknown): Answered {
    const { app_id, password } = exactly(body, { app_id: isText, password: isText }, "login/session");
    const right = createHmac("sha1", this.appToken).update(this.#challenge).digest("hex");
    this.#challenge = randomUUID();
    if (app_id !== "fr.rempart" || password !== right) return refused(403, "invalid_token", "Jeton invalide");
    this.#session = randomUUID();
    return done({ session_token: this.#session, challenge: this.#challenge, permissions: { settings: this.rights } });
  }

  #redirection(method: string, id: string, body: unknown): Answered {
    const at = this.redirections.findIndex((r) => String(r.id) === id);
    const there = this.redirections[at];
    const shown = (r: Redirection) => ({ ...r, hostname: "server", host: { id: "ether-x", primary_name: "server" }, valid: true });
    if (method === "GET" && id === "") return done(this.redirections.length === 0 ? undefined : this.redirections.map(shown));
    if (method === "POST" && id === "") {
      const given = exactly(body, { ...writable, id: oneOf(0), hostname: oneOf(""), host: oneOf(""), valid: isFlag }, "fw/redir");
      const made = { ...bare(given), id: this.#next++ };
      if (this.#taken(made)) return refused(400, "exist", "Cette redirection existe déjà");
      this.redirections.push(made);
      return { ...done(shown(made)), wrote: true };
    }
    if (!there) return refused(404, "noent", "Redirection inconnue");
    if (method === "GET") return done(shown(there));
    if (method === "DELETE") {
      this.redirections.splice(at, 1);
      return { ...done(), wrote: true };
    }
    if (method !== "PUT") return refused(404, "invalid_request", "no such method");
    const host = (v: unknown): boolean => typeof v === "object" && v !== null && "id" in v;
    const given = exactly(body, { ...writable, id: oneOf(there.id), hostname: isText, host, valid: isFlag }, "fw/redir");
    const changed = { ...bare(given), id: there.id };
    if (this.#taken(changed)) return refused(400, "exist", "Cette redirection existe déjà");
    this.redirections[at] = changed;
    return { ...done(shown(changed)), wrote: true };
  }

  #taken(r: Redirection): boolean {
    return this.redirections.some(
      (o) =>
        o.id !== r.id &&
        o.ip_proto === r.ip_proto &&
        o.wan_port_start <= r.wan_port_end &&
        r.wan_port_start <= o.wan_port_end &&
        o.src_ip === r.src_ip,
    );
  }

  #lease(method: string, id: string, body: unknown): Answered {
    const at = this.leases.findIndex((l) => l.mac === id);
    const shown = (l: Lease) => ({ ...l, id: l.mac, hostname: "server" });
    if (method === "GET" && id === "") return done(this.leases.length === 0 ? undefined : this.leases.map(shown));
    if (method === "DELETE" && at >= 0) {
      this.leases.splice(at, 1);
      return { ...done(), wrote: true };
    }
    if (method !== "DELETE") {
      const lease = exactly(body, { ip: isIpv4, mac: isMac, comment: isText }, "dhcp/static_lease") as unknown as Lease;
      if (!lease.ip.startsWith("192.168.1.")) return refused(400, "inval_ip_range", "Adresse hors de la plage");
      if (method === "POST" && id === "" && this.leases.some((l) => l.mac === lease.mac || l.ip === lease.ip))
        return refused(400, "exist", "Ce bail existe déjà");
      if (method === "POST" && id === "") this.leases.push(lease);
      else if (method === "PUT" && at >= 0 && lease.mac === id) this.leases[at] = lease;
      else return refused(404, "noent", "Bail inconnu");
      return { ...done(shown(lease)), wrote: true };
    }
    return refused(404, "noent", "Bail inconnu");
  }
}

const writable = {
  enabled: isFlag,
  ip_proto: oneOf("tcp", "udp"),
  wan_port_start: isPort,
  wan_port_end: isPort,
  lan_ip: isIpv4,
  lan_port: isPort,
  src_ip: isIpv4,
  comment: isText,
};

function bare(given: Readonly<Record<string, unknown>>): Omit<Redirection, "id"> {
  return Object.fromEntries(Object.keys(writable).map((name) => [name, given[name]])) as unknown as Omit<Redirection, "id">;
}

function json({ headers, body }: Asked): unknown {
  if (!String(headers["content-type"]).startsWith("application/json")) throw new Malformed("the body is no JSON");
  return JSON.parse(body);
}

/** What is undefined has no key. */
function done(result?: unknown): Answered {
  return { status: 200, body: { success: true, ...(result !== undefined && { result }) } };
}

function refused(status: number, error_code: string, msg: string): Answered {
  return { status, body: { success: false, error_code, msg, uid: "23b86ec8091013d668829fe12791fdab" } };
}
