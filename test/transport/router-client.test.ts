import { expect, it } from "vitest";
import { Secret } from "../../src/kernel/value.ts";
import { RouterClient } from "../../src/transport/router/client.ts";

it("a step's secrets reach the router in plain, wherever they stand in its body", async () => {
  const sent: unknown[] = [];
  const client = new RouterClient({
    counts: { roundTrips: 0, processes: 0, bytesSent: 0, bytesReceived: 0 },
    send: async (_method, _path, body) => sent.push(body),
    close: async () => {},
  });
  await client.call({ do: "call", method: "POST", path: "/keys", body: { of: [{ key: new Secret("swordfish-9") }], name: "a" } });
  expect(JSON.stringify(sent)).toBe('[{"of":[{"key":"swordfish-9"}],"name":"a"}]');
});
