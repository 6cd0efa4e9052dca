import { bboxRouter } from "../../facts/router/bbox.ts";
import type { Forward, Reservation } from "../../facts/router/state.ts";
import type { CallStep } from "../../kernel/step.ts";
import type { RouterDriver, RouterEdit } from "./driver.ts";

/** A Bbox of Bouygues, by its API. A PUT only switches an entry on and off, so what changes is deleted and made anew. */
export const bbox: RouterDriver = {
  name: "bbox",
  title: "Bbox",
  place: { wan: "", lan: "", igd: "" },
  lacks: {
    pinhole: "is not known to open single ports of its IPv6 firewall by its API",
    range: "is not known to take ranges by its API",
    sourceRange: "takes one address as a source, not a range",
  },
  longestLabel: 40,
  state: () => bboxRouter({}),
  steps: (edits) => edits.flatMap(stepsOf),
};

function stepsOf(edit: RouterEdit): CallStep[] {
  const path = edit.thing === "forward" ? "nat/rules" : "dhcp/clients";
  const body = edit.thing === "forward" ? forwardForm(edit.after) : clientForm(edit.after as Reservation | undefined);
  return [
    ...(edit.before ? [{ do: "call", method: "DELETE", path: `${path}/${edit.before.id}` } as const] : []),
    ...(body ? [{ do: "call", method: "POST", path, body } as const] : []),
  ];
}

/** The fields as they are written: they are read under other names. */
function forwardForm(f: Forward | undefined): Readonly<Record<string, unknown>> | undefined {
  return (
    f && {
      enable: f.enabled ? 1 : 0,
      description: f.label,
      protocol: f.protocol,
      ipaddress: f.to,
      external_port: f.wan[0],
      internal_port: f.port,
      ipremote: f.source ?? "",
      range: "",
      ipprotocol: "IPv4",
    }
  );
}

function clientForm(r: Reservation | undefined): Readonly<Record<string, unknown>> | undefined {
  return r && { enable: 1, macaddress: r.mac, ipaddress: r.ip, hostname: `rempart-${r.name}` };
}
