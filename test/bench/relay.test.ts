import { createHash, randomBytes } from "node:crypto";
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { afterEach, expect, test } from "vitest";
import { Relay } from "./relay.ts";

let server: Server;
let relay: Relay;

afterEach(async () => {
  await relay.stop();
  server.close();
});

/** A relay before a server that does this with each connection. */
async function before(serve: (socket: Socket) => void, roundTrip: number): Promise<Socket> {
  server = createServer({ allowHalfOpen: true }, serve);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  relay = await Relay.start({ host: "127.0.0.1", port: (server.address() as AddressInfo).port }, roundTrip);
  return connect({ port: relay.port, host: "127.0.0.1", allowHalfOpen: true });
}

async function said(socket: Socket): Promise<string> {
  return String(((await once(socket, "data")) as [Buffer])[0]);
}

test("an answer takes no less than the round trip, and each is a turn of the client", async () => {
  const client = await before((socket) => socket.on("data", (data) => socket.write(data)), 40);
  await once(client, "connect");
  for (const word of ["one", "two", "three"]) {
    const begun = performance.now();
    client.write(word);
    expect(await said(client)).toBe(word);
    expect(performance.now() - begun).toBeGreaterThanOrEqual(38);
  }
  expect(relay.passed).toEqual([{ turns: 3, sent: 11, received: 11 }]);
  client.destroy();
});

test("a server that speaks first is heard after two round trips, as over real TCP", async () => {
  const begun = performance.now();
  const client = await before((socket) => socket.write("hello"), 40);
  expect(await said(client)).toBe("hello");
  expect(performance.now() - begun).toBeGreaterThanOrEqual(78);
  expect(relay.turns).toBe(0);
  client.destroy();
});

test("what is sent without waiting is one turn, arrives whole and in order, and the end arrives after it", async () => {
  const blob = randomBytes(3_000_000);
  const arrived = new Promise<string>((resolve) => {
    const hash = createHash("sha256");
    void before((socket) => {
      socket.on("data", (data) => hash.update(data));
      socket.on("end", () => {
        resolve(hash.digest("hex"));
        socket.end();
      });
    }, 20).then((client) => {
      for (let at = 0; at < blob.length; at += 100_000) client.write(blob.subarray(at, at + 100_000));
      client.end();
    });
  });
  expect(await arrived).toBe(createHash("sha256").update(blob).digest("hex"));
  expect(relay.passed).toEqual([{ turns: 1, sent: blob.length, received: 0 }]);
});
