import { execFileSync } from "node:child_process";
import { createServer, type IncomingHttpHeaders, request as plain } from "node:http";
import { request, type Server, createServer as secure } from "node:https";
import type { AddressInfo } from "node:net";
import type { SecureVersion, TLSSocket } from "node:tls";
import type { KeyPair } from "./certificates.ts";
import { EdgeProcess, type ProcessOptions } from "./process.ts";

/** 127.0.0.1 is in France, 127.0.0.2 in Japan, 127.0.0.3 in France too. */
const countries = { "127.0.0.1/32": "FR", "127.0.0.2/32": "JP", "127.0.0.3/32": "FR" };

/** The stand-in on loopback, with a door of its API that is open without TLS, as only this machine may use it. */
export async function startOnLoopback(
  options: Partial<ProcessOptions>,
): Promise<{ edge: EdgeProcess; url: string; stop(): Promise<void> }> {
  const ports = { http: 0, https: 0, dns: 0, api: 0, control: 0 };
  const bind = "127.0.0.1";
  const edge = await EdgeProcess.start({ zone: "example.org", addresses: ["192.0.2.80"], bind, ports, countries, ...options });
  const api = createServer(edge.emulator.receive);
  await new Promise<void>((resolve) => api.listen(0, bind, resolve));
  const stop = async (): Promise<void> => {
    api.closeAllConnections();
    api.close();
    await edge.stop();
  };
  return { edge, url: `http://${bind}:${(api.address() as AddressInfo).port}/client/v4`, stop };
}

export interface Got {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export interface Asking {
  /** Address that the visitor comes from. */
  readonly from?: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly form?: Readonly<Record<string, string>>;
  readonly newest?: SecureVersion;
  readonly scheme?: "http" | "https";
}

/** One request of a visitor by a real client; redirects are not followed. */
export function visit(edge: EdgeProcess, url: string, asking: Asking = {}): Promise<Got> {
  const at = url.indexOf("/");
  const [host, path] = [url.slice(0, at), url.slice(at)];
  const { from = "127.0.0.1", form, newest, scheme = "https" } = asking;
  const body = form && new URLSearchParams(form).toString();
  const how = {
    host: "127.0.0.1",
    port: edge.port(scheme),
    localAddress: from,
    method: asking.method ?? (form ? "POST" : "GET"),
    path,
    headers: { host, ...(body !== undefined && { "content-length": String(body.length) }), ...asking.headers },
    agent: false as const,
    timeout: 10_000,
  };
  const tls = { servername: host, ca: edge.authorities.edge, ...(newest && { minVersion: "TLSv1" as const, maxVersion: newest }) };
  return new Promise((resolve, reject) => {
    const asked = scheme === "https" ? request({ ...how, ...tls, ciphers: "DEFAULT@SECLEVEL=0" }) : plain(how);
    asked.on("error", reject).on("response", (answer) => {
      let text = "";
      answer.setEncoding("utf8").on("data", (chunk) => (text += chunk));
      answer.on("end", () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: text }));
    });
    asked.end(body);
  });
}

/** A key on this machine, and the certificate that the API's Origin CA makes of its request. */
export async function originPair(edge: EdgeProcess, url: string, hostnames: readonly string[]): Promise<KeyPair> {
  const words = [
    "req",
    "-new",
    "-newkey",
    "ec",
    "-pkeyopt",
    "ec_paramgen_curve:prime256v1",
    "-nodes",
    "-subj",
    "/CN=server",
    "-keyout",
    "-",
  ];
  const made = execFileSync("openssl", words, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
  const [key = "", csr = ""] = made.split(/(?=-----BEGIN CERTIFICATE REQUEST-----)/);
  const answer = await fetch(`${url}/certificates`, {
    method: "POST",
    headers: { authorization: `Bearer ${edge.emulator.token}`, "content-type": "application/json" },
    body: JSON.stringify({ csr, hostnames, request_type: "origin-ecc", requested_validity: 90 }),
  });
  const { result } = (await answer.json()) as { readonly result: { readonly certificate: string } };
  return { certificate: result.certificate, key };
}

/** A server behind the edge, without a certificate yet: says as JSON what it was asked and whether the client's certificate was right. */
export async function startOrigin(): Promise<{ server: Server; port: number }> {
  const server = secure({ requestCert: true, rejectUnauthorized: false }, (asked, answer) => {
    const socket = asked.socket as TLSSocket;
    const client = socket.getPeerCertificate().subject?.CN ?? "none";
    answer.writeHead(200, { "content-type": "application/json" });
    answer.end(JSON.stringify({ authorized: socket.authorized, client, url: asked.url, headers: asked.headers }));
  });
  server.on("upgrade", (_asked, socket) => {
    socket.write("HTTP/1.1 101 Switching Protocols\r\nconnection: Upgrade\r\nupgrade: echo\r\n\r\n");
    socket.pipe(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { server, port: (server.address() as AddressInfo).port };
}
