import { createSocket } from "node:dgram";
import dns, { type DecodedPacket, type RecordType } from "dns-packet";
import { afterAll, beforeAll, expect, it } from "vitest";
import { edge as playEdge } from "../edge.ts";
import { startOnLoopback } from "./clients.ts";

let running: Awaited<ReturnType<typeof startOnLoopback>>;
beforeAll(async () => {
  running = await startOnLoopback({
    records: [
      { type: "TXT", name: "example.org", content: '"v=spf1 -all"' },
      { type: "MX", name: "example.org", content: "mx.example.net", priority: 10 },
      { type: "A", name: "ssh.example.org", content: "192.0.2.10" },
      { type: "AAAA", name: "ssh.example.org", content: "2001:db8::10" },
      { type: "CNAME", name: "www.example.org", content: "ssh.example.org" },
      { type: "CNAME", name: "blog.example.org", content: "pages.example.net" },
      { type: "A", name: "*.lab.example.org", content: "192.0.2.11" },
    ],
  });
  const { token, seen } = running.edge.emulator;
  expect((await playEdge({ url: running.url, token, seen })).trouble).toBe("");
}, 60_000);
afterAll(() => running.stop());

function ask(name: string, type: RecordType): Promise<DecodedPacket> {
  const socket = createSocket("udp4");
  return new Promise<DecodedPacket>((resolve, reject) => {
    setTimeout(() => reject(new Error(`no answer for ${name}`)), 10_000).unref();
    socket.once("error", reject).once("message", (message) => resolve(dns.decode(message)));
    socket.send(
      dns.encode({ type: "query", id: 7, flags: dns.RECURSION_DESIRED, questions: [{ type, name }] }),
      running.edge.port("dns"),
      "127.0.0.1",
    );
  }).finally(() => socket.close());
}

it.each([
  ["media.example.org", "A", "NOERROR", ["A 192.0.2.80"]],
  ["Git.Example.org", "A", "NOERROR", ["A 192.0.2.80"]],
  ["media.example.org", "AAAA", "NOERROR", []],
  ["git.example.org", "CNAME", "NOERROR", []],
  ["home.cloudflareaccess.com", "A", "NOERROR", ["A 192.0.2.80"]],
  ["ssh.example.org", "A", "NOERROR", ["A 192.0.2.10"]],
  ["ssh.example.org", "AAAA", "NOERROR", ["AAAA 2001:db8::10"]],
  ["www.example.org", "A", "NOERROR", ["CNAME ssh.example.org", "A 192.0.2.10"]],
  ["blog.example.org", "A", "NOERROR", ["CNAME pages.example.net"]],
  ["any.lab.example.org", "A", "NOERROR", ["A 192.0.2.11"]],
  ["example.org", "TXT", "NOERROR", ["TXT v=spf1 -all"]],
  ["example.org", "MX", "NOERROR", ["MX 10 mx.example.net"]],
  ["example.org", "NS", "NOERROR", ["NS ada.ns.cloudflare.com", "NS bob.ns.cloudflare.com"]],
  ["example.org", "A", "NOERROR", []],
  ["other.example.org", "A", "NXDOMAIN", []],
  ["example.net", "A", "REFUSED", []],
] as const)("%s %s: %s", async (name, type, code, answers) => {
  const got = await ask(name, type);
  const data = (a: (typeof answers)[number] | object): unknown => (a as { readonly data: unknown }).data;
  const text = (value: unknown): string => {
    if (Array.isArray(value)) return value.map(String).join("");
    const { preference, exchange } = value as { readonly preference?: number; readonly exchange?: string };
    return exchange === undefined ? String(value) : `${preference} ${exchange}`;
  };
  expect([(got as { readonly rcode?: string }).rcode, got.id, got.flag_aa]).toEqual([code, 7, true]);
  expect((got.answers ?? []).map((a) => `${a.type} ${text(data(a))}`)).toEqual(answers);
});

it("a record that it does not know is no silence", async () => {
  const { zone } = running.edge.emulator;
  const caa = { name: "caa.example.org", type: "CAA", content: '0 issue "ca.example"', ttl: 300, proxied: false };
  zone.records.set("caa", caa);
  expect(((await ask("caa.example.org", "CAA")) as { readonly rcode?: string }).rcode).toBe("SERVFAIL");
  expect([...running.edge.front.unknown]).toEqual([expect.stringContaining("a record of the type CAA")]);
});
