import { liveboxRouter } from "../../facts/router/livebox.ts";
import { leftBehind, pendingMark } from "../../facts/router/pending.ts";
import type { Forward, Pinhole, Reservation } from "../../facts/router/state.ts";
import type { CallStep } from "../../kernel/step.ts";
import type { RouterDriver, RouterEdit } from "./driver.ts";
import { portText, targetPorts } from "./ports.ts";

/** A Livebox, by its bus. What is set is in force and kept only when it was committed. */
export const livebox: RouterDriver = {
  name: "livebox",
  title: "Livebox",
  place: { wan: "", lan: "", igd: "" },
  lacks: {},
  longestLabel: 63,
  state: () => liveboxRouter({}),
  steps: (edits, now) => [
    ...leftBehind(now).flatMap(({ thing, id, label }) => {
      const entry = (thing === "forward" ? now.forwards : (now.pinholes ?? [])).find((e) => e.id === id);
      return [
        commit,
        ...(label === "" ? [remove(thing, id, now.handles?.[`target ${id}`] ?? "")] : entry ? [set(thing, { ...entry, label }, id)] : []),
        commit,
      ];
    }),
    ...edits.flatMap(stepsOf),
  ],
};

type Entry = Forward | Pinhole;

function call(service: string, method: string, body: Readonly<Record<string, unknown>>): CallStep {
  return { do: "call", method: "POST", path: `${service} ${method}`, body };
}

const commit = call("Firewall", "commit", {});
const pool = "DHCPv4.Server.Pool.default";

/** Set with the mark, committed, and the mark taken away. */
function stepsOf(edit: RouterEdit): CallStep[] {
  if (edit.thing === "reservation") return leaseSteps(edit.before, edit.after);
  const entry = (edit.after ?? edit.before) as Entry;
  const id = edit.before?.id ?? `rempart_${entry.name}`;
  const label = `${entry.label}${pendingMark}`;
  const last = edit.after ? set(edit.thing, entry, id) : remove(edit.thing, id, entry.to);
  // Somebody else's entry gets no mark of ours on its way out.
  const first = entry.name === null ? [] : [set(edit.thing, { ...entry, label, enabled: edit.after !== undefined }, id), commit];
  return [...first, last, commit];
}

function set(thing: string, entry: Entry, id: string): CallStep {
  const numbers = { tcp: "6", udp: "17", both: "6,17" };
  const common = { id, origin: "webui", sourceInterface: "data", enable: entry.enabled, persistent: true, description: entry.label };
  const protocol = numbers[entry.protocol];
  if (thing === "pinhole") {
    const p = entry as Pinhole;
    const target = {
      destinationIPAddress: p.to,
      destinationPort: portText(p.ports),
      destinationMACAddress: "",
      sourcePort: "",
      sourcePrefix: "",
    };
    return call("Firewall", "setPinhole", { ...common, ...target, protocol, ipversion: 6 });
  }
  const f = entry as Forward;
  const target = {
    destinationIPAddress: f.to,
    internalPort: portText(targetPorts(f)),
    externalPort: portText(f.wan),
    sourcePrefix: f.source ?? "",
  };
  return call("Firewall", "setPortForwarding", { ...common, ...target, protocol });
}

function remove(thing: string, id: string, to: string): CallStep {
  const whole = id.startsWith("upnp_") ? { id, origin: "upnp" } : { id: `webui_${id}`, origin: "webui" };
  if (thing === "pinhole") return call("Firewall", "deletePinhole", whole);
  return call("Firewall", "deletePortForwarding", { ...whole, destinationIPAddress: to });
}

function leaseSteps(before: Reservation | undefined, after: Reservation | undefined): CallStep[] {
  const mac = (r: Reservation): string => r.mac.toUpperCase();
  return [
    ...(before ? [call(pool, "deleteStaticLease", { MACAddress: mac(before) })] : []),
    ...(after ? [call(pool, "addStaticLease", { MACAddress: mac(after), IPAddress: after.ip })] : []),
  ];
}
