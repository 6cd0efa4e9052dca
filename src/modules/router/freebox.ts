import { freeboxRouter } from "../../facts/router/freebox.ts";
import type { Forward } from "../../facts/router/state.ts";
import type { CallStep } from "../../kernel/step.ts";
import type { RouterDriver, RouterEdit } from "./driver.ts";

/** Freebox OS, by its API. */
export const freebox: RouterDriver = {
  name: "freebox",
  title: "Freebox",
  place: { wan: "", lan: "", igd: "" },
  lacks: {
    pinhole: "has one switch for its whole IPv6 firewall and no openings in it",
    sourceRange: "takes one address as a source, not a range",
  },
  longestLabel: 63,
  state: () => freeboxRouter({}),
  steps: (edits) => edits.flatMap(apart).map(stepOf),
};

/** The id of a lease is its hardware address: another one is another lease. */
function apart(edit: RouterEdit): RouterEdit[] {
  const moves = edit.thing === "reservation" && edit.before && edit.after && edit.before.mac !== edit.after.mac;
  return moves
    ? [
        { thing: "reservation", before: edit.before },
        { thing: "reservation", after: edit.after },
      ]
    : [edit];
}

function stepOf(edit: RouterEdit): CallStep {
  const { before, after } = edit;
  const at = edit.thing === "forward" ? "fw/redir/" : "dhcp/static_lease/";
  if (!after) return { do: "call", method: "DELETE", path: `${at}${before?.id}` };
  const body =
    edit.thing === "forward"
      ? forwardBody(after as Forward)
      : { ip: "ip" in after ? after.ip : "", mac: "mac" in after ? after.mac.toUpperCase() : "", comment: after.label };
  if (before) return { do: "call", method: "PUT", path: `${at}${before.id}`, body };
  // A write without the fields that the box fills in itself was seen refused.
  return {
    do: "call",
    method: "POST",
    path: at,
    body: edit.thing === "forward" ? { ...body, id: 0, hostname: "", host: "", valid: true } : body,
  };
}

function forwardBody(f: Forward): Readonly<Record<string, unknown>> {
  return {
    enabled: f.enabled,
    ip_proto: f.protocol,
    wan_port_start: f.wan[0],
    wan_port_end: f.wan[1],
    lan_ip: f.to,
    lan_port: f.port,
    src_ip: f.source ?? "0.0.0.0",
    comment: f.label,
  };
}
