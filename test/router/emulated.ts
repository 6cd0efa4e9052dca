import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RouterUnderTest } from "./conformance.ts";
import type { Emulator } from "./emulator/server.ts";

/** What all emulated routers have in common. */
export function emulated(
  driver: string,
  server: Emulator,
  more: Omit<RouterUnderTest, "place" | "target" | "ports" | "writes" | "cut" | "stop">,
): RouterUnderTest {
  const ca = join(mkdtempSync(join(tmpdir(), "rempart-router-")), "root.pem");
  writeFileSync(ca, server.root);
  return {
    place: { driver },
    target: { to: "192.168.1.10", wrong: "192.168.1.66" },
    ports: { one: 20443, two: 20444, foreign: 21000 },
    writes: async () => server.writes,
    cut: async (write, when) => server.cut(write, when),
    stop: () => server.stop(),
    ...more,
    variables: { ansible_connection: driver, api_url: server.url, api_ca: ca, ...more.variables },
  };
}
