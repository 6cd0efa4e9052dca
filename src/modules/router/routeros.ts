import { routerosRouter } from "../../facts/router/routeros.ts";
import type { Forward, Pinhole, Reservation, RouterState } from "../../facts/router/state.ts";
import type { CallStep } from "../../kernel/step.ts";
import type { RouterDriver, RouterEdit, RouterPlace } from "./driver.ts";
import { portText } from "./ports.ts";

/** RouterOS 7, by its REST service. */
export const routeros: RouterDriver = {
  name: "routeros",
  title: "RouterOS",
  place: { wan: "WAN", lan: "all", igd: "" },
  lacks: {},
  longestLabel: 100,
  state: ({ wan }) => routerosRouter({ wan }),
  steps: (edits, now, _next, place) => edits.flatMap((edit) => stepsOf(edit, now, place)),
};

const paths = { forward: "ip/firewall/nat", reservation: "ip/dhcp-server/lease", pinhole: "ipv6/firewall/filter" } as const;

function stepsOf(edit: RouterEdit, now: RouterState, place: RouterPlace): CallStep[] {
  const path = paths[edit.thing];
  const at = `${path}/${edit.before?.id}`;
  if (!edit.after) return [call("DELETE", at)];
  const fields = fieldsOf(edit, place);
  // What a rule once had it keeps, so one that shall be for everybody is made anew.
  const wider = edit.thing === "forward" && edit.before?.source != null && edit.after?.source === null;
  if (edit.before && !wider) return [call("PATCH", at, fields)];
  const dynamic = edit.thing === "reservation" ? now.handles?.[`dynamic ${edit.after?.mac}`] : undefined;
  if (dynamic !== undefined) return [call("POST", `${path}/make-static`, { ".id": dynamic }), call("PATCH", `${path}/${dynamic}`, fields)];
  const before = edit.thing === "pinhole" && now.handles?.drop !== undefined ? { "place-before": now.handles.drop } : {};
  return [...(edit.before ? [call("DELETE", at)] : []), call("PUT", path, { ...fields, ...before })];
}

function call(method: string, path: string, body?: Readonly<Record<string, string>>): CallStep {
  return { do: "call", method, path, ...(body && { body }) };
}

function fieldsOf({ thing, after }: RouterEdit, { wan, lan }: RouterPlace): Readonly<Record<string, string>> {
  if (thing === "reservation") {
    const r = after as Reservation;
    return { "mac-address": r.mac.toUpperCase(), address: r.ip, server: lan, comment: r.label };
  }
  if (thing === "pinhole") {
    const p = after as Pinhole;
    const common = { chain: "forward", action: "accept", "in-interface-list": wan, disabled: String(!p.enabled), comment: p.label };
    return { ...common, protocol: p.protocol, "dst-address": `${p.to}/128`, "dst-port": portText(p.ports) };
  }
  const f = after as Forward;
  return {
    chain: "dstnat",
    action: "dst-nat",
    protocol: f.protocol,
    "dst-port": portText(f.wan),
    "in-interface-list": wan,
    ...(f.source !== null && { "src-address": f.source }),
    "to-addresses": f.to,
    "to-ports": portText([f.port, f.port + f.wan[1] - f.wan[0]]),
    disabled: String(!f.enabled),
    comment: f.label,
  };
}
