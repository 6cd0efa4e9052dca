// Emulator, never seen on hardware: written from the REST pages of MikroTik's manual. All values are texts, ids begin with a
// star, dynamic rules and leases are shown and may not be changed, errors are { error, message, detail }.
import { type Answered, type Asked, EmulatedBox } from "./server.ts";

type Item = Record<string, string>;

const known: Readonly<Record<string, readonly string[]>> = {
  "ip/firewall/nat": [
    "chain",
    "action",
    "protocol",
    "dst-port",
    "in-interface-list",
    "src-address",
    "to-addresses",
    "to-ports",
    "disabled",
    "comment",
    "place-before",
  ],
  "ip/dhcp-server/lease": ["mac-address", "address", "server", "comment", "disabled"],
  "ipv6/firewall/filter": [
    "chain",
    "action",
    "protocol",
    "dst-address",
    "dst-port",
    "in-interface-list",
    "disabled",
    "comment",
    "place-before",
  ],
};

export class RouterosEmulator extends EmulatedBox {
  readonly user = "rempart";
  readonly password = "correct horse 1";
  readonly lists: Record<string, Item[]> = {
    "ip/firewall/nat": [
      { ".id": "*1", chain: "srcnat", action: "masquerade", "out-interface-list": "WAN", disabled: "false", dynamic: "false" },
    ],
    "ip/dhcp-server/lease": [],
    "ipv6/firewall/filter": [
      {
        ".id": "*2",
        chain: "forward",
        action: "accept",
        "connection-state": "established,related,untracked",
        disabled: "false",
        dynamic: "false",
      },
      { ".id": "*3", chain: "forward", action: "drop", "in-interface-list": "!LAN", disabled: "false", dynamic: "false" },
    ],
    "interface/list/member": [
      { ".id": "*1", list: "LAN", interface: "bridge" },
      { ".id": "*2", list: "WAN", interface: "ether1" },
    ],
    "ip/address": [
      { ".id": "*1", address: "192.168.1.1/24", interface: "bridge", disabled: "false" },
      { ".id": "*2", address: "203.0.113.8/24", interface: "ether1", disabled: "false", dynamic: "true" },
    ],
    "ipv6/dhcp-client": [{ ".id": "*1", interface: "ether1", prefix: "2001:db8:8::/56, 2d23h59m", status: "bound" }],
  };
  #next = 16;

  list(path: string): Item[] {
    return this.lists[path] ?? [];
  }

  add(path: string, item: Item): void {
    this.list(path).push({ ".id": this.#id(), disabled: "false", dynamic: "false", ...item });
  }

  #id(): string {
    return `*${(this.#next++).toString(16).toUpperCase()}`;
  }

  protected answer(asked: Asked): Answered {
    const right = `Basic ${Buffer.from(`${this.user}:${this.password}`).toString("base64")}`;
    if (asked.headers.authorization !== right) return { status: 401, body: { error: 401, message: "Unauthorized" } };
    const [, path] = /^\/rest\/(.+)$/.exec(asked.path) ?? [];
    if (path === undefined) return { status: 404, body: "<html>404</html>" };
    if (path === "system/resource")
      return { status: 200, body: { version: "7.16.2 (stable)", "board-name": "hEX", uptime: String(Math.random()) } };
    if (path === "ip/upnp") return { status: 200, body: { enabled: "false", "allow-disable-external-interface": "false" } };
    if (asked.method === "GET" && path in this.lists) return { status: 200, body: this.list(path) };
    const fields: unknown = asked.body === "" ? {} : JSON.parse(asked.body);
    if (!isTexts(fields)) return bad("all values are texts");
    if (path === "ip/dhcp-server/lease/make-static" && asked.method === "POST") return this.#makeStatic(fields);
    const at = Object.keys(known).find((p) => path === p || path.startsWith(`${p}/`));
    return at === undefined
      ? { status: 404, body: { error: 404, message: "Not Found", detail: "no such command or directory" } }
      : this.#write(asked.method, at, path.slice(at.length + 1), fields);
  }

  #makeStatic(fields: Item): Answered {
    const lease = this.list("ip/dhcp-server/lease").find((l) => l[".id"] === fields[".id"]);
    if (!lease) return { status: 404, body: { error: 404, message: "Not Found" } };
    lease.dynamic = "false";
    return { status: 200, body: [], wrote: true };
  }

  #write(method: string, path: string, id: string, fields: Item): Answered {
    const list = this.list(path);
    const there = list.find((i) => i[".id"] === id);
    const unknown = Object.keys(fields).find((name) => !known[path]?.includes(name));
    if (unknown !== undefined) return bad(`unknown parameter ${unknown}`);
    const { "place-before": before, ...rest } = fields;
    if (method === "PUT" && id === "") {
      if (path.endsWith("lease") && list.some((l) => l["mac-address"] === rest["mac-address"] || l.address === rest.address))
        return bad("failure: already have static lease with this IP or MAC");
      if (path.endsWith("nat") && (rest.chain !== "dstnat" || !/^\d+(-\d+)?$/.test(rest["dst-port"] ?? "")))
        return bad("invalid value for argument dst-port");
      const at = before === undefined ? list.length : list.findIndex((i) => i[".id"] === before);
      if (at < 0) return bad("no such item (place-before)");
      const made = { ".id": this.#id(), disabled: "false", dynamic: "false", ...rest };
      list.splice(at, 0, made);
      return { status: 201, body: made, wrote: true };
    }
    if (!there) return { status: 404, body: { error: 404, message: "Not Found", detail: "no such item" } };
    if (there.dynamic === "true") return bad("failure: can not change dynamic item");
    if (method === "DELETE") {
      list.splice(list.indexOf(there), 1);
      return { status: 204, wrote: true };
    }
    if (method !== "PATCH" || before !== undefined) return bad("no such command");
    Object.assign(there, rest);
    return { status: 200, body: there, wrote: true };
  }
}

function isTexts(value: unknown): value is Item {
  return typeof value === "object" && value !== null && Object.values(value).every((v) => typeof v === "string");
}

function bad(detail: string): Answered {
  return { status: 400, body: { error: 400, message: "Bad Request", detail } };
}
