import { connect, type Socket } from "node:net";
import type { Duplex } from "node:stream";
import type { Client } from "ssh2";
import type { Unreachable } from "../kernel/target.ts";

/** A TCP connection without Nagle's delay, which would cost 40 ms for each exchange. */
export function dial(address: string, port: number, seconds: number): Promise<Socket | Unreachable> {
  return new Promise((resolve) => {
    const socket = connect({ host: address, port, noDelay: true, keepAlive: true });
    const fail = (unreachable: string, help: string): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve({ unreachable, help });
    };
    const timer = setTimeout(
      () =>
        fail(
          `${address} port ${port} did not answer within ${seconds} s`,
          "is the host up, is the address right, does a firewall drop it?",
        ),
      seconds * 1000,
    );
    socket.once("connect", () => {
      clearTimeout(timer);
      socket.removeAllListeners("error");
      resolve(socket);
    });
    socket.once("error", (error: NodeJS.ErrnoException) => fail(...inWords(error, address, port)));
  });
}

function inWords(error: NodeJS.ErrnoException, address: string, port: number): [string, string] {
  const code = error.code ?? (error as { errors?: NodeJS.ErrnoException[] }).errors?.[0]?.code ?? "";
  if (code === "ENOTFOUND" || code === "EAI_AGAIN")
    return [`the name ${address} cannot be resolved`, "set ansible_host to its address, or HostName in ~/.ssh/config"];
  if (code === "ECONNREFUSED")
    return [`${address} refuses connections on port ${port}`, "is sshd running there, and is ansible_port right?"];
  if (code === "EHOSTUNREACH" || code === "ENETUNREACH")
    return [`there is no route to ${address}`, "is the host up, and are you in its network?"];
  return [`${address} port ${port} cannot be reached: ${error.message || code}`, "check ansible_host and ansible_port"];
}

/** A stream through a host that was reached before. */
export function dialThrough(client: Client, name: string, address: string, port: number, seconds: number): Promise<Duplex | Unreachable> {
  return new Promise((resolve) => {
    const help = `can the jump host ${name} reach it, and does its sshd allow forwarding (AllowTcpForwarding)?`;
    const timer = setTimeout(
      () => resolve({ unreachable: `${address} port ${port} did not answer within ${seconds} s through ${name}`, help }),
      seconds * 1000,
    );
    client.forwardOut("127.0.0.1", 0, address, port, (error, stream) => {
      clearTimeout(timer);
      resolve(error ? { unreachable: `${address} port ${port} cannot be reached through ${name}: ${error.message}`, help } : stream);
    });
  });
}
