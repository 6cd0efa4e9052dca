import { createHash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { showChanges } from "../../src/engine/show/show.ts";
import { type Change, type ChangedField, change } from "../../src/kernel/change.ts";
import { Answer, defineFact } from "../../src/kernel/fact.ts";
import { fingerprint, SecretDigest } from "../../src/kernel/fingerprint.ts";
import { sh } from "../../src/kernel/sh.ts";
import type { Step } from "../../src/kernel/step.ts";
import { Secret } from "../../src/kernel/value.ts";

const subject = "file /etc/token";
const bare = { subject, fields: [], steps: [], predicts: [], opaque: false };
const one = (field: ChangedField, rest: Partial<Change> = {}) => showChanges([{ ...bare, ...rest, fields: [field] }], true)[0]?.fields[0];

describe("a shown change", () => {
  it("says values in words", () => {
    expect(one({ name: "groups", before: [], after: ["docker", "video"] })).toEqual({
      name: "groups",
      before: "none",
      after: "docker, video",
    });
    expect(one({ name: "comment", before: "", after: "Alice" })).toMatchObject({ before: '""', after: "Alice" });
    expect(one({ name: "uid", before: null, after: 1500 })).toMatchObject({ before: "absent", after: "1500" });
    expect(one({ name: "rule", before: undefined, after: { b: 1 } })).toMatchObject({ after: '{"b":1}' });
  });

  it("shows of long values the part where they begin to differ", () => {
    const long = "x".repeat(5000);
    const { before, after } = one({ name: "args", before: `${long}A${long}`, after: `${long}B${long}` }) ?? { before: "", after: "" };
    expect(before).toMatch(/^…x{40}Ax{159}…$/);
    expect(after).toMatch(/^…x{40}Bx{159}…$/);
  });

  it("has no before for an action", () => {
    expect(one({ name: "run", before: undefined, after: "uptime", action: true })).toEqual({
      name: "run",
      before: "",
      after: "uptime",
      action: true,
    });
  });
});

describe("a change of an object of an API", () => {
  const zone = defineFact<string, object>({ kind: "zone", summary: "Test.", object: (name) => name, script: () => sh``, read: () => [] });
  const now = { ssl: "flexible", rules: [{ ref: "a", action: "log" }], tokens: { dns: "old-token-of-dns" } };
  const wanted = { ssl: "strict", rules: [{ action: "block", ref: "a" }], tokens: { dns: new Secret("new-token-of-dns") } };
  const call: Step = { do: "call", method: "PATCH", path: "/zones/1", body: wanted };

  it("is told field by field, its secrets as fingerprints", () => {
    const [shown] = showChanges([change(new Answer(zone("example.org"), now), wanted, { do: [call] })], true);
    expect(shown?.fields).toEqual([
      { name: "ssl", before: "flexible", after: "strict" },
      { name: "rules[a].action", before: "log", after: "block" },
      { name: "tokens.dns", before: fingerprint("old-token-of-dns"), after: fingerprint("new-token-of-dns"), secret: true },
    ]);
  });
});

describe("a secret change", () => {
  const [old, now] = ["the old password", "the new password"];

  it("shows that the secret moved, and neither side of it", () => {
    const shown = one({ name: "password", before: old, after: new Secret(now) });
    expect(shown).toEqual({ name: "password", before: fingerprint(old), after: fingerprint(now), secret: true });
    expect(shown?.before).not.toBe(shown?.after);
  });

  it("gives a secret one fingerprint, known as a text or as a digest", () => {
    const sha256 = createHash("sha256").update(now).digest("hex");
    const shown = one({ name: "password", before: new SecretDigest(sha256), after: new Secret(now) });
    expect(shown?.before).toBe(shown?.after);
    expect(JSON.stringify(shown)).not.toContain(sha256.slice(0, 6));
  });

  it("hides the observed side even where the desired one is harmless, and what stands deep inside a value", () => {
    const shown = showChanges(
      [
        {
          ...bare,
          secret: true,
          fields: [
            { name: "content", before: `pin ${old}`, after: "no pin" },
            { name: "mode", before: "0600", after: "0640", open: true },
          ],
        },
        { ...bare, fields: [{ name: "settings", before: { token: old }, after: { token: new Secret(now) } }] },
      ],
      true,
    );
    for (const plain of [old, now, "no pin"]) expect(JSON.stringify(shown)).not.toContain(plain);
    expect(shown[0]?.fields[1]).toEqual({ name: "mode", before: "0600", after: "0640" });
  });

  it("shows no diff of its text", () => {
    const [shown] = showChanges([{ ...bare, secret: true, text: { name: "/etc/token", before: old, after: now } }], true);
    expect(shown?.diff).toBe("(secret: the content of /etc/token is not shown)\n");
  });

  it("is also one in which a private key goes or comes, though nobody called it secret", () => {
    const key = "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXk\n";
    const [shown] = showChanges([{ ...bare, text: { name: "/x", before: key, after: "replaced\n" } }], true);
    expect(shown?.diff).not.toContain("b3Blbn");
    expect(one({ name: "key", before: undefined, after: key })?.after).toBe(fingerprint(key));
  });
});
