import { request } from "node:https";
import { connect } from "node:net";
import { connect as connectTls } from "node:tls";

export interface Asked {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  /** Name in the TLS handshake; empty for none. */
  readonly servername?: string;
  /** Name in the request, the one of the handshake unless it is given. */
  readonly host?: string;
  readonly body?: string;
  /** Client certificate and key, PEM. */
  readonly cert?: string;
  readonly key?: string;
}

interface Answer {
  readonly status: number | undefined;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
  /** Common name of the server's certificate. */
  readonly subject: string | undefined;
}

/** A request over a connection of its own. Rejects when no HTTP answer comes. */
export function askTls(address: string, name: string, path: string, asked: Asked = {}): Promise<Answer> {
  const { method = "GET", headers = {}, servername = name, host = name, body, ...client } = asked;
  return new Promise((resolve, reject) => {
    const asking = request(
      {
        host: address,
        path,
        method,
        servername,
        rejectUnauthorized: false,
        agent: false,
        timeout: 20_000,
        headers: { Host: host, ...headers },
        ...client,
      },
      (answer) => {
        const chunks: Buffer[] = [];
        const { socket } = answer;
        const subject =
          "getPeerCertificate" in socket ? (socket as ReturnType<typeof connectTls>).getPeerCertificate().subject?.CN : undefined;
        answer.on("data", (chunk: Buffer) => chunks.push(chunk));
        answer.on("end", () =>
          resolve({
            status: answer.statusCode,
            headers: answer.headers,
            body: Buffer.concat(chunks).toString(),
            subject: Array.isArray(subject) ? subject[0] : subject,
          }),
        );
      },
    );
    asking
      .on("error", reject)
      .on("timeout", () => asking.destroy(new Error("no answer")))
      .end(body);
  });
}

/** Everything that comes back over plain TCP until the other side closes. */
export function askPlain(address: string, text: string): Promise<string> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    const socket = connect({ host: address, port: 80 }, () => socket.write(text));
    socket.setTimeout(20_000, () => socket.destroy(new Error("still open")));
    socket.on("data", (chunk: Buffer) => chunks.push(chunk));
    socket.on("error", (error) => chunks.push(Buffer.from(error.message.includes("ECONNRESET") ? "" : error.message)));
    socket.on("close", () => resolve(Buffer.concat(chunks).toString()));
  });
}

/** Version and protocol that were agreed on, or why not. */
export function handshake(address: string, servername: string, version: "TLSv1.1" | "TLSv1.2" | "TLSv1.3"): Promise<string> {
  return new Promise((resolve) => {
    const socket = connectTls(
      {
        host: address,
        port: 443,
        servername,
        minVersion: version,
        maxVersion: version,
        ciphers: "DEFAULT@SECLEVEL=0",
        ALPNProtocols: ["h2"],
        rejectUnauthorized: false,
      },
      () => {
        resolve(`${socket.getProtocol()} ${socket.alpnProtocol}`);
        socket.destroy();
      },
    );
    socket.on("error", (error) => resolve(error.message));
  });
}
