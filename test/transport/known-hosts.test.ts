import { createHmac } from "node:crypto";
import { expect, test } from "vitest";
import { HostKeys } from "../../src/transport/host-key.ts";
import { knownName, namesHost, orderedAlgorithms, parseKnownHosts } from "../../src/transport/known-hosts.ts";

const key = (type: string, body: string): Buffer => {
  const name = Buffer.from(type);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(name.length);
  return Buffer.concat([length, name, Buffer.from(body)]);
};
const ed = key("ssh-ed25519", "one");
const rsa = key("ssh-rsa", "two");
const keysOf = (text: string, host = "web.example.org", port = 22): HostKeys =>
  new HostKeys(parseKnownHosts(text, "kh"), host, port, ["kh"]);

test("names match as sshd(8) says: patterns, negations, ports, hashes, in any case", () => {
  expect(namesHost("a,WEB.*.org", "web.example.org")).toBe(true);
  expect(namesHost("*.org,!web.example.org", "web.example.org")).toBe(false);
  expect(namesHost("webxexample.org", "web.example.org")).toBe(false);
  expect(namesHost("[web]:2222", knownName("Web", 2222))).toBe(true);
  expect(namesHost("web", knownName("web", 2222))).toBe(false);
  const salt = Buffer.from("12345678901234567890");
  const hashed = `|1|${salt.toString("base64")}|${createHmac("sha1", salt).update("web").digest("base64")}`;
  expect(namesHost(hashed, "web")).toBe(true);
  expect(namesHost(hashed, "wec")).toBe(false);
});

test("comments, authorities and broken lines know nothing", () => {
  const text = `# web ssh-ed25519 ${ed.toString("base64")}\n@cert-authority web ssh-ed25519 ${ed.toString("base64")}\nweb ssh-ed25519\n\n`;
  expect(parseKnownHosts(text, "kh")).toEqual([]);
});

test("the known type is asked for first, so that a host with a further key does not look changed", () => {
  const known = parseKnownHosts(`web ssh-rsa ${rsa.toString("base64")}\n`, "kh");
  expect(orderedAlgorithms(known).slice(0, 3)).toEqual(["rsa-sha2-512", "rsa-sha2-256", "ssh-ed25519"]);
  expect(orderedAlgorithms([])[0]).toBe("ssh-ed25519");
});

test("the verdict is known, unknown, changed or revoked", () => {
  const line = `web.example.org ssh-ed25519 ${ed.toString("base64")}\n`;
  expect(keysOf(line).verdict(ed)).toBeUndefined();
  expect(keysOf("").verdict(ed)?.unreachable).toContain("is not known");
  expect(keysOf(line).verdict(rsa)?.unreachable).toMatch(/has changed.*kh:1/);
  expect(keysOf(`${line}@revoked * ssh-ed25519 ${ed.toString("base64")}\n`).verdict(ed)?.unreachable).toContain("revoked");
  expect(keysOf(line, "web.example.org", 2222).verdict(ed)).toBeUndefined();
  expect(keysOf(line, "web.example.org", 2222).verdict(rsa)?.unreachable).toContain("is not known");
});
