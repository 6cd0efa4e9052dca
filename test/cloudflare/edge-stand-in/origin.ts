import type { ClientRequest, IncomingHttpHeaders, IncomingMessage, OutgoingHttpHeaders } from "node:http";
import { request } from "node:https";
import type { Zone } from "../emulator/state.ts";
import type { KeyPair } from "./certificates.ts";
import { originOf } from "./names.ts";
import { NotKnown } from "./not-known.ts";
import { setting } from "./settings.ts";
import type { Visit } from "./visit.ts";

export interface OriginOptions {
  readonly zone: Zone;
  /** PEM of those whose certificates are believed. */
  readonly trusted: readonly string[];
  /** Shown while `tls_client_auth` is on and the zone has none of its own. */
  readonly pulls: KeyPair;
  /** 443, but for tests without one. */
  readonly port: number;
}

/** One connection only: of the peer's choice, and not to be told further. */
const hops = ["connection", "keep-alive", "proxy-connection", "te", "trailer", "transfer-encoding", "upgrade", "proxy-authorization"];
/** What the edge says itself; a visitor's word for it does not count. */
const own = /^(cf-|cdn-loop$|x-forwarded-(for|proto)$|x-real-ip$|true-client-ip$)/;

/** Asks the server behind a name. With `ssl` strict its certificate must be of a known authority and for that name. */
export function askOrigin(visit: Visit, more: Readonly<Record<string, string>>, options: OriginOptions): ClientRequest {
  const { host, method, ip, country } = visit.fields;
  const upgrade = visit.headers.upgrade;
  const forwarded = visit.headers["x-forwarded-for"];
  const headers: OutgoingHttpHeaders = {
    ...Object.fromEntries(Object.entries(visit.headers).filter(([name]) => !hops.includes(name) && !own.test(name))),
    ...(visit.headers["transfer-encoding"] !== undefined && { "transfer-encoding": "chunked" }),
    ...(upgrade !== undefined && { connection: "Upgrade", upgrade }),
    host,
    "x-forwarded-for": forwarded === undefined ? ip : `${String(forwarded)}, ${ip}`,
    "x-forwarded-proto": visit.fields.ssl ? "https" : "http",
    "cf-connecting-ip": ip,
    "cf-ipcountry": country,
    "cf-ray": visit.ray,
    "cf-visitor": JSON.stringify({ scheme: visit.fields.ssl ? "https" : "http" }),
    "cdn-loop": "cloudflare; loops=1",
    ...more,
  };
  const shown = shownCertificate(options);
  return request({
    host: originOf(options.zone, host),
    port: options.port,
    servername: host,
    method,
    path: visit.target,
    headers,
    agent: false,
    timeout: 100_000,
    rejectUnauthorized: setting(options.zone, "ssl") === "strict",
    ca: [...options.trusted],
    ...(shown && { cert: shown.certificate, key: shown.key }),
  });
}

/** The client certificate that the server gets to see: the zone's own before the one of all. */
function shownCertificate({ zone, pulls }: OriginOptions): KeyPair | undefined {
  if (zone.originPulls) {
    const active = [...zone.originPullCertificates.values()].filter((c) => c.shown.status === "active").at(-1);
    if (!active) throw new NotKnown("origin pulls of the zone, without a certificate that is active");
    return { certificate: active.shown.certificate, key: active.key };
  }
  return setting(zone, "tls_client_auth") === "on" ? pulls : undefined;
}

/** The status that Cloudflare gives for a server that it cannot ask. */
export function originFault(error: Error & { readonly code?: string }): { readonly status: number; readonly why: string } {
  const code = error.code ?? "";
  if (/CERT|SELF_SIGNED|UNABLE_TO_(GET|VERIFY)|ALTNAME/.test(code)) return { status: 526, why: "Invalid SSL certificate" };
  if (/^ERR_SSL|EPROTO/.test(code)) return { status: 525, why: "SSL handshake failed" };
  if (/ETIMEDOUT|EHOSTUNREACH|ENETUNREACH/.test(code)) return { status: 522, why: "Connection timed out" };
  if (code === "ECONNREFUSED") return { status: 521, why: "Web server is down" };
  return { status: 520, why: "Web server is returning an unknown error" };
}

/** The server's headers as they go to the visitor. */
export function passedHeaders(answer: IncomingMessage): IncomingHttpHeaders {
  return Object.fromEntries(Object.entries(answer.headers).filter(([name]) => !hops.includes(name)));
}
