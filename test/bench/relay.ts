import { connect, createServer, type Server, type Socket } from "node:net";

/** Where the relay for this round trip listens in the controller. */
export function relayPort(roundTrip: number): number {
  return 22_000 + roundTrip;
}

/** One connection that went through a relay. */
export interface Passed {
  /** How often the client sent something after it had got something: no more round trips than that can have been waited for. */
  turns: number;
  /** Bytes that the client sent and got. */
  sent: number;
  received: number;
}

/**
 * Stands between a client and a server and lets them be far apart: each direction arrives half a round trip later, in order and
 * at full speed, and a new connection costs the round trip that TCP's own greeting does.
 */
export class Relay {
  readonly passed: Passed[] = [];
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(server: Server) {
    this.#server = server;
  }

  /** Listens on 127.0.0.1; port 0 takes a free one. `roundTrip` in milliseconds. */
  static async start(to: { readonly host: string; readonly port: number }, roundTrip: number, port = 0): Promise<Relay> {
    const server = createServer({ noDelay: true, allowHalfOpen: true });
    const relay = new Relay(server);
    server.on("connection", (client) => relay.#join(client, to, roundTrip));
    await new Promise<void>((resolve, reject) => server.on("error", reject).listen(port, "127.0.0.1", resolve));
    return relay;
  }

  get port(): number {
    const address = this.#server.address();
    return typeof address === "object" && address !== null ? address.port : 0;
  }

  /** Sums over all connections. */
  get turns(): number {
    return this.passed.reduce((sum, one) => sum + one.turns, 0);
  }

  async stop(): Promise<void> {
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #join(client: Socket, to: { readonly host: string; readonly port: number }, roundTrip: number): void {
    const passed: Passed = { turns: 0, sent: 0, received: 0 };
    this.passed.push(passed);
    this.#keep(client);
    let gotSomething = false;
    // The client counts itself connected at once; in truth its first byte would be there after one round trip and a half.
    const upwards = new Delayed(roundTrip / 2, performance.now() + roundTrip * 1.5);
    const downwards = new Delayed(roundTrip / 2);
    client.on("data", (data) => {
      passed.sent += data.length;
      if (gotSomething || passed.turns === 0) passed.turns++;
      gotSomething = false;
      upwards.push(() => server?.write(data));
    });
    client.on("end", () => upwards.push(() => server?.end()));
    let server: Socket | undefined;
    upwards.push(() => {
      if (client.destroyed) return;
      server = connect({ ...to, noDelay: true, allowHalfOpen: true });
      this.#keep(server);
      server.on("data", (data) => {
        passed.received += data.length;
        downwards.push(() => {
          gotSomething = true;
          client.write(data);
        });
      });
      server.on("end", () => downwards.push(() => client.end()));
      server.on("close", () => downwards.push(() => client.destroy()));
    });
    client.on("close", () => upwards.push(() => server?.destroy()));
  }

  #keep(socket: Socket): void {
    this.#sockets.add(socket);
    socket.on("error", () => socket.destroy());
    socket.on("close", () => this.#sockets.delete(socket));
  }
}

/** Does things later, each as much later as the others, in the order in which they came. */
class Delayed {
  readonly #delay: number;
  readonly #earliest: number;
  readonly #waiting: { readonly at: number; readonly act: () => void }[] = [];

  constructor(delay: number, earliest = 0) {
    this.#delay = delay;
    this.#earliest = earliest;
  }

  push(act: () => void): void {
    this.#waiting.push({ at: Math.max(this.#earliest, performance.now() + this.#delay), act });
    if (this.#waiting.length === 1) this.#sleep();
  }

  #sleep(): void {
    const [next] = this.#waiting;
    if (next) setTimeout(() => this.#wake(), Math.max(0, next.at - performance.now()));
  }

  #wake(): void {
    // Timers are true to the millisecond at best, and may be early.
    while (this.#waiting[0] && this.#waiting[0].at <= performance.now() + 0.5) this.#waiting.shift()?.act();
    this.#sleep();
  }
}
