import { Shell, sh } from "../../kernel/sh.ts";

/** Leaves the type of the service and its address in `_s` and `_u`; both stay empty where the description has none. */
export function upnpService(igd: string): Shell {
  return sh`_s=$(curl -q -s -f -m 10 ${igd} | tr '\n\r' '  ' | awk '{
    n = split($0, part, "<service>")
    for (i = 2; i <= n; i++) if (match(part[i], /urn:schemas-upnp-org:service:WAN(IP|PPP)Connection:[0-9]/)) {
      type = substr(part[i], RSTART, RLENGTH); url = part[i]
      sub(/.*<controlURL>[ ]*/, "", url); sub(/[ ]*<\/controlURL>.*/, "", url)
      print type " " url; exit
    }
  }')
_u=$(printf '%s' "$_s" | cut -d ' ' -f 2); _s=$(printf '%s' "$_s" | cut -d ' ' -f 1)
case $_u in http://*|https://*|'') ;; /*) _u=${new URL(igd).origin}$_u ;; *) _u=${new URL(igd).origin}/$_u ;; esac`;
}

/** `_soap ACTION ARGUMENTS` prints the answer of the service in one line, a fault too. */
export const upnpSoap = Shell.trusted(`_soap() {
  printf '<?xml version="1.0"?>\\r\\n<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/" s:encodingStyle="http://schemas.xmlsoap.org/soap/encoding/"><s:Body><u:%s xmlns:u="%s">%s</u:%s></s:Body></s:Envelope>\\r\\n' "$1" "$_s" "$2" "$1" |
    curl -q -s -m 20 -H 'Content-Type: text/xml; charset="utf-8"' -H "SOAPAction: \\"$_s#$1\\"" --data-binary @- "$_u" | tr -d '\\r\\n'
}`);
