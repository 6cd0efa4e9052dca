import { createHash, randomBytes } from "node:crypto";
import { expect, test } from "vitest";
import { fingerprint, SecretDigest, useFingerprintKey } from "../../src/kernel/fingerprint.ts";
import { Secret } from "../../src/kernel/value.ts";

const digest = (text: string): string => createHash("sha256").update(text).digest("hex");

test("a secret has one fingerprint, whether its text, a Secret of it or only its digest is known", () => {
  const shown = fingerprint("correct horse");
  expect(shown).toMatch(/^#[0-9a-f]{6}$/);
  expect(fingerprint(new Secret("correct horse"))).toBe(shown);
  expect(fingerprint(new SecretDigest(digest("correct horse")))).toBe(shown);
  expect(fingerprint("battery staple")).not.toBe(shown);
});

test("nobody without the key can tell a fingerprint from a guess: another key, other fingerprints", () => {
  const texts = Array.from({ length: 50 }, (_, i) => `pin ${i}`);
  const first = texts.map((t) => fingerprint(t));
  useFingerprintKey(randomBytes(32));
  const second = texts.map((t) => fingerprint(t));
  expect(second.filter((f, i) => f === first[i]).length).toBeLessThan(3);
  for (const [i, text] of texts.entries()) expect(second[i]).not.toBe(`#${digest(text).slice(0, 6)}`);
});

test("a key of the caller's own gives the same fingerprints again", () => {
  const key = randomBytes(32);
  useFingerprintKey(key);
  const shown = fingerprint("correct horse");
  useFingerprintKey(randomBytes(32));
  useFingerprintKey(key);
  expect(fingerprint("correct horse")).toBe(shown);
  expect(() => useFingerprintKey(new Uint8Array(4))).toThrow("16 bytes");
});

test("a digest is as hidden as a secret", () => {
  const held = new SecretDigest(digest("correct horse"));
  expect(JSON.stringify({ held }) + String(held)).not.toContain(digest("correct horse").slice(0, 6));
  expect(fingerprint(new SecretDigest(undefined))).toBe("(not read)");
});
