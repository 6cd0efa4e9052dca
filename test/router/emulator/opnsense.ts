// Emulator, never seen on hardware: written from the controllers of OPNsense 26.1 (d_nat, filter, kea) and its API pages. What is
// saved is in force only after apply, answers are { result } and { validations }, the lists hold automatic rules too.
import { randomUUID } from "node:crypto";
import { type Answered, type Asked, EmulatedBox, exactly, isIpv4, isMac, isText, Malformed, oneOf } from "./server.ts";

type Row = Record<string, unknown> & { readonly uuid: string };

const network = { network: isText, port: isText, not: oneOf("0", "1") };
const nested =
  (fields: Readonly<Record<string, (v: unknown) => boolean>>, what: string) =>
  (v: unknown): boolean =>
    exactly(v, fields, what) !== undefined;
const portText = (v: unknown): boolean => typeof v === "string" && /^\d+(-\d+)?$/.test(v);
const flag = oneOf("0", "1");

const models: Readonly<Record<string, { readonly of: string; readonly fields: Readonly<Record<string, (v: unknown) => boolean>> }>> = {
  "firewall/d_nat": {
    of: "rule",
    fields: {
      disabled: flag,
      interface: oneOf("wan", "lan"),
      ipprotocol: oneOf("inet", "inet6", "inet46"),
      protocol: oneOf("tcp", "udp", "tcp/udp"),
      source: nested(network, "source"),
      destination: nested(network, "destination"),
      target: isIpv4,
      "local-port": portText,
      descr: isText,
      pass: oneOf("", "pass", "rule"),
      log: flag,
    },
  },
  "firewall/filter": {
    of: "rule",
    fields: {
      enabled: flag,
      action: oneOf("pass", "block", "reject"),
      quick: flag,
      interface: oneOf("wan", "lan"),
      direction: oneOf("in", "out"),
      ipprotocol: oneOf("inet", "inet6"),
      protocol: oneOf("TCP", "UDP", "any"),
      source_net: isText,
      destination_net: isText,
      destination_port: portText,
      description: isText,
    },
  },
  "kea/dhcpv4": {
    of: "reservation",
    fields: { subnet: isText, ip_address: isIpv4, hw_address: isMac, hostname: isText, description: isText },
  },
};

export class OpnsenseEmulator extends EmulatedBox {
  readonly key = "w86XNZob/8Oq8aC5r0kbNarNtdpoQU781fyoeaOBQsBwkXUt";
  readonly secret = "XeD26XVrJ5ilAc/EmglCRC+0j2e57tRsjHwFepOseySWLM53pJASeTA3";
  readonly subnet = randomUUID();
  readonly saved: Record<string, Row[]> = { "firewall/d_nat": [], "firewall/filter": [], "kea/dhcpv4": [] };
  /** What the running system has, as of the last apply. */
  readonly inForce: Record<string, Row[]> = { "firewall/d_nat": [], "firewall/filter": [], "kea/dhcpv4": [] };
  filtering = true;

  add(model: string, row: Readonly<Record<string, unknown>>): void {
    this.saved[model]?.push({ uuid: randomUUID(), ...row });
    this.#apply(model);
  }

  #apply(model: string): void {
    this.inForce[model] = structuredClone(this.saved[model] ?? []);
  }

  protected answer(asked: Asked): Answered {
    const right = `Basic ${Buffer.from(`${this.key}:${this.secret}`).toString("base64")}`;
    if (asked.headers.authorization !== right) return { status: 401, body: { status: 401, message: "Authentication Failed" } };
    const path = asked.path.replace(/^\/api\//, "");
    if (asked.method === "GET") return this.#read(path, asked.query);
    if (asked.method !== "POST" || !String(asked.headers["content-type"]).startsWith("application/json"))
      return { status: 400, body: { errorMessage: "Invalid JSON syntax" } };
    try {
      return this.#write(path, JSON.parse(asked.body));
    } catch (error) {
      if (error instanceof Malformed) return { status: 200, body: { result: "failed", validations: { "rule.x": error.message } } };
      throw error;
    }
  }

  #read(path: string, query: URLSearchParams): Answered {
    const rows = (list: readonly unknown[]): Answered => {
      // Without rowCount a page of seven.
      const shown = query.get("rowCount") === "-1" ? list : list.slice(0, 7);
      return { status: 200, body: { rows: shown, rowCount: shown.length, total: list.length, current: 1 } };
    };
    const lockout = {
      uuid: "lockout_0",
      is_automatic: true,
      nordr: "1",
      interface: "lan",
      protocol: "tcp",
      "destination.port": "443",
      descr: "Anti-Lockout Rule",
      disabled: "0",
    };
    switch (path) {
      case "firewall/d_nat/search_rule":
        return rows([lockout, ...(this.saved["firewall/d_nat"] ?? []).map(flat)]);
      case "firewall/filter/search_rule":
        return rows([
          { uuid: "automatic_1", is_automatic: true, action: "block", ipprotocol: "inet6", description: "Default deny" },
          ...(this.saved["firewall/filter"] ?? []),
        ]);
      case "kea/dhcpv4/search_reservation":
        return rows(this.saved["kea/dhcpv4"] ?? []);
      case "kea/dhcpv4/search_subnet":
        return rows([{ uuid: this.subnet, subnet: "192.168.1.0/24", description: "" }]);
      case "kea/dhcpv4/get":
        return { status: 200, body: { dhcpv4: { general: { enabled: "1" } } } };
      case "interfaces/overview/interfaces_info":
        return rows([
          { identifier: "wan", device: "igb0", addr4: "203.0.113.9/24", addr6: "2001:db8:ff::2/64" },
          { identifier: "lan", device: "igb1", addr4: "192.168.1.1/24", addr6: "2001:db8:9:1::1/64" },
        ]);
      case "diagnostics/firewall/pf_statistics/info":
        return { status: 200, body: { info: { status: this.filtering ? "Enabled for 3 days" : "Disabled" } } };
      case "core/firmware/info":
        return { status: 200, body: { product_id: "opnsense", product_version: "26.1.2" } };
      default:
        return { status: 404, body: { errorMessage: "Endpoint not found" } };
    }
  }

  #write(path: string, body: unknown): Answered {
    const applied = Object.entries({
      "firewall/d_nat/apply": "firewall/d_nat",
      "firewall/filter/apply": "firewall/filter",
      "kea/service/reconfigure": "kea/dhcpv4",
    }).find(([p]) => p === path);
    if (applied) {
      this.#apply(applied[1]);
      return { status: 200, body: { status: "ok" }, wrote: true };
    }
    const [, at = "", verb, one, uuid = ""] =
      /^(firewall\/d_nat|firewall\/filter|kea\/dhcpv4)\/(add|set|del)_(rule|reservation)(?:\/(.+))?$/.exec(path) ?? [];
    const model = models[at];
    if (!model || one !== model.of) return { status: 404, body: { errorMessage: "Endpoint not found" } };
    const list = this.saved[at] ?? [];
    const index = list.findIndex((r) => r.uuid === uuid);
    if (verb !== "add" && index < 0)
      return { status: 200, body: { result: "not found" === one ? "" : "failed", validations: { uuid: "not found" } } };
    if (verb === "del") {
      list.splice(index, 1);
      return { status: 200, body: { result: "deleted" }, wrote: true };
    }
    const wrapped = exactly(body, { [model.of]: (v) => typeof v === "object" }, "body")[model.of];
    if (verb === "add") {
      const made = { uuid: randomUUID(), ...exactly(wrapped, model.fields, model.of) };
      if (at === "kea/dhcpv4" && (made as Row).subnet !== this.subnet) throw new Malformed("subnet: Related subnet not found");
      list.push(made);
      return { status: 200, body: { result: "saved", uuid: made.uuid }, wrote: true };
    }
    const some = Object.fromEntries(Object.entries(model.fields).map(([name, fits]) => [`?${name}`, fits]));
    list[index] = { ...(list[index] as Row), ...exactly(wrapped, some, model.of) };
    return { status: 200, body: { result: "saved" }, wrote: true };
  }
}

/** `source.network` in the place of a map. */
function flat(row: Row): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(row).flatMap(([name, value]): [string, unknown][] =>
      typeof value === "object" && value !== null ? Object.entries(value).map(([inner, v]) => [`${name}.${inner}`, v]) : [[name, value]],
    ),
  );
}
