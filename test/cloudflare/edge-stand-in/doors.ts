import { createServer as createHttp, type Server } from "node:http";
import { createServer as createHttps, type Server as HttpsServer } from "node:https";
import { createSecureContext, type SecureVersion } from "node:tls";
import type { Zone } from "../emulator/state.ts";
import type { KeyPair } from "./certificates.ts";
import type { Front } from "./front.ts";
import { inZone, isProxied } from "./names.ts";
import { setting } from "./settings.ts";

export interface Doors {
  readonly http: Server;
  readonly https: HttpsServer;
}

export interface DoorOptions {
  readonly zone: Zone;
  readonly front: Front;
  /** For the zone's name and those one label below it, as Universal SSL gives it. */
  readonly zonePair: KeyPair;
  readonly teamHost: () => string;
  readonly teamPair: KeyPair;
}

/** The two servers that visitors reach. TLS is spoken for proxied names and the team's only, in the versions that the zone allows. */
export function makeDoors({ zone, front, zonePair, teamHost, teamPair }: DoorOptions): Doors {
  const contextOf = ({ certificate, key }: KeyPair) => createSecureContext({ cert: certificate, key });
  const [zoneContext, teamContext] = [contextOf(zonePair), contextOf(teamPair)];
  const http = createHttp((request, response) => void front.receive(request, response, false));
  const https = createHttps(
    {
      SNICallback(name, give) {
        const asked = name.toLowerCase();
        if (asked === teamHost()) give(null, teamContext);
        else if (inZone(zone, asked) && isProxied(zone, asked) && zone.universalSsl) give(null, zoneContext);
        else give(new Error(`no certificate for ${asked}`));
      },
    },
    (request, response) => void front.receive(request, response, true),
  );
  // Versions are chosen before the name is known, so they are set anew for every connection.
  https.prependListener("connection", () => https.setSecureContext(versions(zone)));
  https.on("upgrade", (request, socket, head) => void front.upgrade(request, socket, head));
  http.on("clientError", (error, socket) => front.malformed(socket, false, codeOf(error)));
  https.on("clientError", (error, socket) => front.malformed(socket, true, codeOf(error)));
  return { http, https };
}

function codeOf(error: Error & { readonly code?: string }): string | undefined {
  return error.code;
}

function versions(zone: Zone) {
  const lowest = String(setting(zone, "min_tls_version"));
  const minVersion = (lowest === "1.0" ? "TLSv1" : `TLSv${lowest}`) as SecureVersion;
  const maxVersion: SecureVersion = setting(zone, "tls_1_3") === "off" ? "TLSv1.2" : "TLSv1.3";
  // What Node takes for insecure by itself is the zone's to allow.
  return { minVersion, maxVersion, ciphers: "DEFAULT@SECLEVEL=0" };
}
