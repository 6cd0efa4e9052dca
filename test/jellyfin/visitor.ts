import { connect } from "node:net";
import type { TestHost } from "../hosts/attached.ts";

export interface VisitorRequest {
  /** Address of the visitor, as the proxy tells it; one in the LAN when not said otherwise. */
  readonly from?: string;
  /** Sent as JSON. */
  readonly body?: unknown;
  readonly token?: string;
}

export interface VisitorAnswer {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Requests to the server of a host through the proxy's place. */
export function visitors(host: () => TestHost) {
  const ask = async (method: string, path: string, { from = "192.168.1.20", body, token = "" }: VisitorRequest): Promise<VisitorAnswer> => {
    const who = `Authorization: MediaBrowser Client="t", Device="t", DeviceId="t", Version="1"${token && `, Token="${token}"`}`;
    const given = body === undefined ? [] : ["-H", "Content-Type: application/json", "-d", JSON.stringify(body)];
    const words = ["timeout", "20", "curl", "-s", "-X", method, "-w", "\n%{http_code}", "-H", who, "-H", `X-Forwarded-For: ${from}`];
    const said = await host().out([...words, ...given, `http://127.0.0.1:8096${path}`]);
    const end = said.lastIndexOf("\n");
    return { status: Number(said.slice(end + 1)), body: end > 0 ? (JSON.parse(said.slice(0, end)) as Record<string, unknown>) : {} };
  };
  const login = (name: string, word: string, from?: string): Promise<VisitorAnswer> =>
    ask("POST", "/Users/AuthenticateByName", { body: { Username: name, Pw: word }, ...(from !== undefined && { from }) });
  return { ask, login };
}

/** Whether a TCP connection from this machine opens within three seconds. */
export function opens(address: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: address, port, timeout: 3000 });
    const end = (open: boolean) => {
      socket.destroy();
      resolve(open);
    };
    socket.once("connect", () => end(true));
    socket.once("timeout", () => end(false));
    socket.once("error", () => end(false));
  });
}
