import type { Forward, RouterState } from "../../facts/router/state.ts";
import { upnpRouter } from "../../facts/router/upnp.ts";
import { upnpService, upnpSoap } from "../../facts/router/upnp-shell.ts";
import { joinShell, sh } from "../../kernel/sh.ts";
import { exec, type Step } from "../../kernel/step.ts";
import type { RouterDriver, RouterEdit, RouterPlace } from "./driver.ts";

/** A router by UPnP, asked by the machine that the forward leads to: a careful router opens ports for nobody else. */
export const upnp: RouterDriver = {
  name: "upnp",
  title: "router (UPnP)",
  place: { wan: "", lan: "" },
  lacks: {
    range: "takes single ports by UPnP",
    sourceRange: "takes one address as a source by UPnP, not a range",
    pinhole: "is not asked for IPv6 by UPnP",
    reservation: "keeps no reservations by UPnP",
  },
  longestLabel: 60,
  state: ({ igd }) => upnpRouter({ igd }),
  steps: (edits: readonly RouterEdit[], _now: RouterState, _next: RouterState, place) => edits.flatMap((edit) => stepsOf(edit, place)),
};

function stepsOf({ before, after }: RouterEdit, { igd }: RouterPlace): Step[] {
  const [old, now] = [before as Forward | undefined, after as Forward | undefined];
  const key = (f: Forward) =>
    `<NewRemoteHost>${f.source ?? ""}</NewRemoteHost><NewExternalPort>${f.wan[0]}</NewExternalPort><NewProtocol>${f.protocol.toUpperCase()}</NewProtocol>`;
  const rest = (f: Forward) =>
    `<NewInternalPort>${f.port}</NewInternalPort><NewInternalClient>${f.to}</NewInternalClient><NewEnabled>1</NewEnabled><NewPortMappingDescription>${f.label}</NewPortMappingDescription><NewLeaseDuration>0</NewLeaseDuration>`;
  return [
    ...(old ? [action(igd, "DeletePortMapping", key(old))] : []),
    ...(now ? [action(igd, "AddPortMapping", key(now) + rest(now))] : []),
  ];
}

/** Nothing in it needs escaping: names, comments and addresses are of letters that XML leaves alone. */
function action(igd: string, name: string, words: string): Step {
  const script = joinShell([
    upnpService(igd),
    upnpSoap,
    sh`_e=$(_soap ${name} ${words})
case $_e in *${name}Response*) exit 0 ;; esac
printf '%s\n' "$_e" | sed 's/<[^>]*>/ /g; s/  */ /g' >&2; exit 1`,
  ]);
  return exec("sh", "-c", script.text);
}
