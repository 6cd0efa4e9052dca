import { describe, expect, it } from "vitest";
import { scrub } from "../../src/kernel/scrub.ts";
import { Secret } from "../../src/kernel/value.ts";
import fc from "../seeded.ts";

const secretText = fc.string({ minLength: 8, maxLength: 60, unit: "grapheme" }).filter((s) => s.trim().length >= 8 && !/^\*+$/.test(s));
const multiLine = fc
  .array(
    fc.string({ minLength: 9, maxLength: 40 }).filter((s) => s.trim().length >= 8 && !s.includes("*")),
    { minLength: 2, maxLength: 5 },
  )
  .map((l) => l.join("\n"));

describe("scrub", () => {
  it("leaves text without a secret as it is", () => {
    new Secret("correct horse battery");
    expect(scrub("nothing to hide\nhere")).toBe("nothing to hide\nhere");
  });

  it("masks a secret and keeps what stands around it", () => {
    new Secret("tr0ub4dor&3-canary");
    expect(scrub("password=tr0ub4dor&3-canary;")).toBe("password=********;");
  });

  it("leaves secrets of less than eight characters alone, since they stand in harmless words", () => {
    new Secret("disable");
    expect(scrub("disabled")).toBe("disabled");
  });

  it("lets no encoding of a random secret through", () => {
    fc.assert(
      fc.property(secretText, fc.string({ maxLength: 5 }), fc.string({ maxLength: 5 }), (text, before, after) => {
        new Secret(text);
        const plain = text.toWellFormed();
        for (const form of [
          text,
          JSON.stringify(plain).slice(1, -1),
          encodeURIComponent(plain),
          new URLSearchParams([["k", plain]]).toString().slice(2),
        ]) {
          expect(scrub(before + form + after)).not.toContain(form);
        }
        expect(scrub(Buffer.from(plain).toString("hex"))).not.toContain(Buffer.from(plain).toString("hex"));
      }),
      { numRuns: 100 },
    );
  });

  it("masks base64 at every alignment, so that at most the edges of a larger text stay", () => {
    fc.assert(
      fc.property(
        secretText,
        fc.integer({ min: 0, max: 5 }),
        fc.integer({ min: 0, max: 5 }),
        fc.constantFrom("base64", "base64url"),
        (text, before, after, how) => {
          new Secret(text);
          const encoded = Buffer.from("x".repeat(before) + text.toWellFormed() + "y".repeat(after)).toString(how as BufferEncoding);
          const masked = scrub(encoded);
          expect(masked).toContain("********");
          expect(masked.replaceAll("*", "").length).toBeLessThanOrEqual(Math.ceil(((before + after) * 8) / 6) + 4);
        },
      ),
      { numRuns: 100 },
    );
  });

  it("masks a secret of several lines line by line, as a diff prints it", () => {
    fc.assert(
      fc.property(multiLine, (text) => {
        new Secret(text);
        for (const line of text.split("\n")) expect(scrub(`+  ${line}`)).not.toContain(line.trim());
      }),
      { numRuns: 100 },
    );
  });

  it("masks a secret that was broken over lines, plain or in base64, and keeps the number of lines", () => {
    new Secret("Wrapped-Over-Several-Lines-0123456789");
    expect(scrub("a\nWrapped-Over-\n  Several-Lines-01234\n56789 b")).toBe("a\n********\n********\n******** b");
    const wrapped = Buffer.from(`xWrapped-Over-Several-Lines-0123456789`).toString("base64").replace(/.{10}/g, "$&\n");
    expect(scrub(wrapped).replace(/[*\n=]/g, "").length).toBeLessThanOrEqual(4);
  });

  it("does not take the harmless lines of a file for secrets because the file holds one", () => {
    new Secret("s3cr3t-of-the-database");
    new Secret("restart: unless-stopped\npassword: s3cr3t-of-the-database\n", true);
    expect(scrub("restart: unless-stopped\npassword: s3cr3t-of-the-database\n")).toBe("restart: unless-stopped\npassword: ********\n");
    new Secret("network_mode: bridge\npassword: hunter2\n", true);
    expect(scrub("network_mode: bridge")).toBe("network_mode: bridge");
  });

  it("does not mask the frame of a key file", () => {
    new Secret("-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASCBK\n-----END PRIVATE KEY-----\n");
    expect(scrub("-----BEGIN PRIVATE KEY-----")).toBe("-----BEGIN PRIVATE KEY-----");
    expect(scrub("> MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBK")).toBe("> ********");
  });

  it("takes a megabyte with hundreds of known secrets in about a second at most", () => {
    for (let i = 0; i < 300; i++) new Secret(`one-of-many-secrets-${i}-${Math.sin(i)}`);
    const text = `${"Lorem ipsum dolor sit amet, consectetur adipiscing elit.\n".repeat(18_000)}one-of-many-secrets-7-${Math.sin(7)}`;
    const begin = performance.now();
    expect(scrub(text).endsWith("********")).toBe(true);
    expect(performance.now() - begin).toBeLessThan(3_000);
  });
});
