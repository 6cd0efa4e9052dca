// Emulator, never seen on hardware: written from two public clients of the bus (sysbus). Errors come with HTTP 200 in result.errors,
// the box puts the origin in front of an id, and what is set is in force only after a commit.
import { randomUUID } from "node:crypto";
import { type Answered, type Asked, EmulatedBox, exactly, isFlag, isIpv4, isMac, isText, Malformed, oneOf } from "./server.ts";

export type Rule = Readonly<Record<string, unknown>>;
type Parameters = Readonly<Record<string, unknown>>;

const portText = (v: unknown): boolean => typeof v === "string" && /^\d+(-\d+)?$/.test(v);
const common = {
  id: isText,
  origin: oneOf("webui"),
  sourceInterface: oneOf("data"),
  enable: isFlag,
  persistent: oneOf(true),
  description: isText,
  protocol: oneOf("6", "17", "6,17"),
};
const forwardFields = { ...common, destinationIPAddress: isIpv4, internalPort: portText, externalPort: portText, sourcePrefix: isText };
const ipv6 = (v: unknown): boolean => typeof v === "string" && v.includes(":");
const holeFields = {
  ...common,
  destinationIPAddress: ipv6,
  destinationPort: portText,
  destinationMACAddress: isText,
  sourcePort: isText,
  sourcePrefix: isText,
  ipversion: oneOf(6),
};

export class LiveboxEmulator extends EmulatedBox {
  readonly password = "Zt4p-box";
  rules: Record<string, Rule> = {};
  holes: Record<string, Rule> = {};
  /** As of the last commit. */
  inForce: { rules: Record<string, Rule>; holes: Record<string, Rule> } = { rules: {}, holes: {} };
  readonly leases: { readonly MACAddress: string; readonly IPAddress: string }[] = [];
  level = "Medium";
  #context = "";
  #cookie = "";
  #endsAt = "";

  /** The session ends just before this call: `Firewall commit`. */
  endSessionAt(call: string): void {
    this.#endsAt = call;
  }

  protected answer(asked: Asked): Answered {
    if (asked.method !== "POST" || asked.path !== "/ws" || asked.headers["content-type"] !== "application/x-sah-ws-1-call+json")
      return { status: 404, body: "" };
    const { service, method, parameters } = exactly(
      JSON.parse(asked.body),
      { service: isText, method: isText, parameters: (v) => typeof v === "object" },
      "call",
    );
    try {
      if (method === "createContext") return this.#login(asked, parameters as Parameters);
      const entered = this.#context !== "" && asked.headers["x-context"] === this.#context && asked.headers.cookie === this.#cookie;
      if (`${service} ${method}` === this.#endsAt) [this.#endsAt, this.#context] = ["", ""];
      if (!entered || this.#context === "") return errors(196618, "Permission denied", String(service));
      return this.#call(`${service} ${method}`, parameters as Parameters);
    } catch (error) {
      if (error instanceof Malformed) return errors(196639, "Invalid parameter", error.message);
      throw error;
    }
  }

  #login(asked: Asked, given: Parameters): Answered {
    const { username, password } = exactly(given, { applicationName: isText, username: isText, password: isText }, "createContext");
    if (asked.headers.authorization !== "X-Sah-Login") return errors(196618, "Permission denied", "");
    if (username !== "admin" || password !== this.password) return errors(196618, "Permission denied", "sah.Device.Information");
    this.#context = randomUUID();
    this.#cookie = `${randomUUID().slice(0, 8)}/sessid=${randomUUID()}`;
    return {
      status: 200,
      headers: { "set-cookie": `${this.#cookie}; path=/` },
      body: { status: 0, data: { contextID: this.#context, username: "admin", groups: "http,admin" } },
    };
  }

  #call(call: string, given: Parameters): Answered {
    switch (call) {
      case "sah.Device.Information releaseContext":
        return said(0);
      case "Firewall getPortForwarding":
        return said(Object.fromEntries(Object.entries(this.rules).map(([id, r]) => [id, shownRule(id, r)])));
      case "Firewall getPinhole":
        return said(
          Object.fromEntries(
            Object.entries(this.holes).map(([id, r]) => [id, { ...shownRule(id, r), DestinationPort: r.destinationPort }]),
          ),
        );
      case "Firewall setPortForwarding":
        exactly(given, forwardFields, "setPortForwarding");
        return this.#set(this.rules, given, "externalPort");
      case "Firewall setPinhole":
        exactly(given, holeFields, "setPinhole");
        return this.#set(this.holes, given, "destinationIPAddress");
      case "Firewall deletePortForwarding":
        return this.#delete(this.rules, exactly(given, { id: isText, origin: oneOf("webui", "upnp"), destinationIPAddress: isText }, call));
      case "Firewall deletePinhole":
        return this.#delete(this.holes, exactly(given, { id: isText, origin: oneOf("webui", "upnp") }, call));
      case "Firewall commit":
        exactly(given, {}, call);
        this.inForce = structuredClone({ rules: this.rules, holes: this.holes });
        return { ...said(true), wrote: true };
      case "Firewall getFirewallIPv6Level":
        return said(this.level);
      default:
        return this.#rest(call, given);
    }
  }

  #rest(call: string, given: Parameters): Answered {
    switch (call) {
      case "DHCPv4.Server.Pool.default getStaticLeases":
        return said(this.leases);
      case "DHCPv4.Server.Pool.default addStaticLease":
        exactly(given, { MACAddress: isMac, IPAddress: isIpv4 }, call);
        if (this.leases.some((l) => l.MACAddress === given.MACAddress)) return errors(393221, "Duplicate", "MACAddress");
        this.leases.push(given as (typeof this.leases)[number]);
        return { ...said(null), wrote: true };
      case "DHCPv4.Server.Pool.default deleteStaticLease": {
        exactly(given, { MACAddress: isMac }, call);
        const at = this.leases.findIndex((l) => l.MACAddress === given.MACAddress);
        if (at < 0) return errors(393222, "Not found", "MACAddress");
        this.leases.splice(at, 1);
        return { ...said(null), wrote: true };
      }
      case "NMC getWANStatus":
        return {
          status: 200,
          body: {
            result: {
              status: true,
              data: { WanState: "up", IPAddress: "203.0.113.10", IPv6Address: "2001:db8:a::1", IPv6DelegatedPrefix: "2001:db8:a::/56" },
            },
          },
        };
      case "UPnP-IGD get":
        return said({ Enable: true });
      case "DeviceInfo get":
        return said({ SoftwareVersion: "SG40_sip-fr-5.30.2", UpTime: Math.random() });
      default:
        return errors(196640, "Method not found", call);
    }
  }

  #set(list: Record<string, Rule>, given: Parameters, key: string): Answered {
    const id = `webui_${String(given.id)}`;
    const taken = Object.entries(list).some(
      ([other, r]) => other !== id && r[key] === given[key] && r.protocol === given.protocol && key === "externalPort",
    );
    if (taken) return errors(393221, "Port already in use", String(given[key]));
    list[id] = given;
    return { ...said(id), wrote: true };
  }

  #delete(list: Record<string, Rule>, given: Parameters): Answered {
    const id = String(given.id);
    const there = list[id];
    if (!there || (given.destinationIPAddress !== undefined && given.destinationIPAddress !== there.destinationIPAddress))
      return errors(196622, "Object or parameter not found", id);
    delete list[id];
    return { ...said(true), wrote: true };
  }
}

function shownRule(id: string, r: Rule): Rule {
  return {
    Id: id,
    Origin: "webui",
    Description: r.description,
    Status: "Enabled",
    Enable: r.enable,
    Protocol: r.protocol,
    SourceInterface: r.sourceInterface,
    SourcePrefix: r.sourcePrefix,
    ExternalPort: r.externalPort,
    InternalPort: r.internalPort,
    DestinationIPAddress: r.destinationIPAddress,
    LeaseDuration: 0,
  };
}

function said(status: unknown): Answered {
  return { status: 200, body: { result: { status } } };
}

function errors(error: number, description: string, info: string): Answered {
  return { status: 200, body: { result: { status: null, errors: [{ error, description, info }] } } };
}
