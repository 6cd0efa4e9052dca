import { DOMParser } from "@xmldom/xmldom";
import { defineFact } from "../../kernel/fact.ts";
import { joinShell, type Shell, sh } from "../../kernel/sh.ts";
import { type Forward, nameIn, noLine, type RouterState } from "./state.ts";
import { readTexts, textRecord } from "./text-records.ts";
import { upnpService, upnpSoap } from "./upnp-shell.ts";

export interface UpnpKey {
  /** Address of the router's description: `http://192.168.1.1:5000/rootDesc.xml`. */
  readonly igd: string;
}

/** `upnpRouter({ igd })`: what machines of the LAN have opened, asked by the machine that the task runs on. */
export const upnpRouter = defineFact<UpnpKey, RouterState>({
  kind: "router_upnp",
  summary: "A router by UPnP: the ports that machines of the LAN have opened in it, and its public address.",
  object: ({ igd }) => igd,
  script: (keys) => joinShell(keys.map(one)),
  read: (stdout, keys) => readTexts("router_upnp", stdout, keys, readUpnp),
  write: (_key, state) => textRecord(state.record),
  enough: () => true,
});

/** The time that a mapping has left is not printed: it is another one every second. The list ends with fault 713. */
function one({ igd }: UpnpKey): Shell {
  return sh`_s=; _n=; _i=0; _w=
if ! command -v curl >/dev/null 2>&1; then _w='curl is not on this host: install curl'
else ${upnpService(igd)}
  if [ -z "$_s" ]; then _w=${`${igd} describes no router that forwards ports`}; fi
fi
if [ -z "$_w" ]; then
  ${upnpSoap}
  _n="a $(_soap GetExternalIPAddress '')"
  while [ $_i -lt 500 ]; do
    _e=$(_soap GetGenericPortMappingEntry "<NewPortMappingIndex>$_i</NewPortMappingIndex>")
    case $_e in
    *GetGenericPortMappingEntryResponse*) _n="$_n
m $(printf '%s' "$_e" | sed 's|<NewLeaseDuration>[0-9]*</NewLeaseDuration>||')" ;;
    *errorCode*713*|*errorCode*402*) break ;;
    *) _w="the router does not tell its list: $(printf '%s' "$_e" | sed 's/<[^>]*>/ /g' | cut -c 1-200)"; break ;;
    esac
    _i=$((_i + 1))
  done
fi
if [ -n "$_w" ]; then echo "!$_w"; else echo $(printf %s "$_n" | wc -c); printf '%s\n' "$_n"; fi`;
}

function readUpnp(text: string): RouterState {
  const told = (letter: string): string[] => text.split("\n").flatMap((line) => (line.startsWith(`${letter} `) ? [line.slice(2)] : []));
  const [address = ""] = told("a");
  return {
    forwards: told("m").map(forwardOf),
    reservations: null,
    pinholes: null,
    line: { ...noLine, ipv4: fieldIn(address, "NewExternalIPAddress") || null, upnp: true },
    unsettled: false,
  };
}

function forwardOf(xml: string): Forward {
  const field = (name: string): string => fieldIn(xml, name);
  const label = field("NewPortMappingDescription");
  const port = Number(field("NewExternalPort"));
  return {
    id: `${field("NewProtocol")} ${port} ${field("NewRemoteHost")}`.trim(),
    name: nameIn(label),
    label,
    protocol: field("NewProtocol") === "UDP" ? "udp" : "tcp",
    wan: [port, port],
    to: field("NewInternalClient"),
    port: Number(field("NewInternalPort")),
    source: field("NewRemoteHost") || null,
    enabled: field("NewEnabled") !== "0",
  };
}

/** The text of the first element of this name. Throws on what is no XML: the router talks nonsense. */
function fieldIn(xml: string, name: string): string {
  if (xml === "") return "";
  const document = new DOMParser({
    onError: (_level, message) => {
      throw new Error(message);
    },
  }).parseFromString(xml, "text/xml");
  return document.getElementsByTagName(name)[0]?.textContent ?? "";
}
