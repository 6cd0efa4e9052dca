import { opnsenseRouter } from "../../facts/router/opnsense.ts";
import { leftBehind, pendingMark } from "../../facts/router/pending.ts";
import type { Forward, Pinhole, Reservation, RouterState } from "../../facts/router/state.ts";
import type { CallStep } from "../../kernel/step.ts";
import type { RouterDriver, RouterEdit, RouterPlace } from "./driver.ts";
import { portText } from "./ports.ts";

/** OPNsense 26.1 and later, by its API. What is saved is in force only when it was applied. */
export const opnsense: RouterDriver = {
  name: "opnsense",
  title: "OPNsense",
  place: { wan: "wan", lan: "lan", igd: "" },
  lacks: {},
  longestLabel: 100,
  state: ({ wan, lan }) => opnsenseRouter({ wan, lan }),
  steps: (edits, now, _next, place) => [...leftBehind(now).flatMap(ended), ...edits.flatMap((edit) => stepsOf(edit, now, place))],
};

/** Where each sort of entry lives, what its description and switch are called, and what puts it in force. */
const sorts = {
  forward: { at: "firewall/d_nat", of: "rule", one: "rule", label: "descr", off: { disabled: "1" }, apply: "firewall/d_nat/apply" },
  pinhole: { at: "firewall/filter", of: "rule", one: "rule", label: "description", off: { enabled: "0" }, apply: "firewall/filter/apply" },
  reservation: {
    at: "kea/dhcpv4",
    of: "reservation",
    one: "reservation",
    label: "description",
    off: undefined,
    apply: "kea/service/reconfigure",
  },
} as const;

function post(path: string, body?: Readonly<Record<string, unknown>>): CallStep {
  return { do: "call", method: "POST", path, body: body ?? {} };
}

/** Written with the mark, put in force, and the mark taken away: that changes a description only. */
function stepsOf(edit: RouterEdit, now: RouterState, place: RouterPlace): CallStep[] {
  const { at, of, one, label, off, apply } = sorts[edit.thing];
  const { before, after } = edit;
  const marked = { [label]: `${(after ?? before)?.label}${pendingMark}` };
  const id = before?.id ?? "{last}";
  if (after) {
    const body = { [of]: { ...fieldsOf(edit, now, place), ...marked } };
    const write = before ? post(`${at}/set_${one}/${id}`, body) : post(`${at}/add_${one}`, body);
    return [write, post(apply), post(`${at}/set_${one}/${id}`, { [of]: { [label]: after.label } })];
  }
  // Kea's reservations have no switch: what is deleted is gone when the service is told, and is told again by the next change.
  if (!off) return [post(`${at}/del_${one}/${id}`), post(apply)];
  return [post(`${at}/set_${one}/${id}`, { [of]: { ...off, ...marked } }), post(apply), post(`${at}/del_${one}/${id}`)];
}

/** What a run that broke off has begun. */
function ended({ thing, id, label }: ReturnType<typeof leftBehind>[number]): CallStep[] {
  const { at, of, one, label: field, apply } = sorts[thing as keyof typeof sorts];
  return [post(apply), label === "" ? post(`${at}/del_${one}/${id}`) : post(`${at}/set_${one}/${id}`, { [of]: { [field]: label } })];
}

function fieldsOf({ thing, after }: RouterEdit, now: RouterState, { wan }: RouterPlace): Readonly<Record<string, unknown>> {
  if (thing === "reservation") {
    const r = after as Reservation;
    return { subnet: subnetOf(r.ip, now), ip_address: r.ip, hw_address: r.mac, hostname: r.name ?? "" };
  }
  if (thing === "pinhole") {
    const p = after as Pinhole;
    const rule = { enabled: p.enabled ? "1" : "0", action: "pass", quick: "1", interface: wan, direction: "in", ipprotocol: "inet6" };
    return { ...rule, protocol: p.protocol.toUpperCase(), source_net: "any", destination_net: p.to, destination_port: portText(p.ports) };
  }
  const f = after as Forward;
  return {
    disabled: f.enabled ? "0" : "1",
    interface: wan,
    ipprotocol: "inet",
    protocol: f.protocol,
    source: { network: f.source ?? "any", port: "", not: "0" },
    destination: { network: `${wan}ip`, port: portText(f.wan), not: "0" },
    target: f.to,
    "local-port": String(f.port),
    pass: "pass",
    log: "0",
  };
}

/** The uuid of the subnet that the address is in; the router says so when there is none. */
function subnetOf(ip: string, { handles }: RouterState): string {
  const number = (address: string): number => address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
  const found = Object.entries(handles ?? {}).find(([key]) => {
    const [, start = "", bits = ""] = /^subnet ([0-9.]+)\/(\d+)$/.exec(key) ?? [];
    const size = 2 ** (32 - Number(bits));
    return start !== "" && Math.floor(number(ip) / size) === Math.floor(number(start) / size);
  });
  return found?.[1] ?? "";
}
