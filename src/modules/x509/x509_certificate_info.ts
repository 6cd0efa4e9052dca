import { z } from "zod";
import { path as pathFact } from "../../facts/path.ts";
import { publicKey, publicKeyOf } from "../../facts/public-key.ts";
import { defineModule, refusal } from "../../kernel/module.ts";
import { cleanPath, filePath } from "../parts/file-path.ts";
import { readCertificates } from "../parts/x509-text.ts";

const args = z.strictObject({
  path: filePath.describe("Absolute path of the certificate on the target."),
  privatekey_path: filePath.optional().describe("Absolute path of a private key on the target: whether it is the key of the certificate."),
});

const texts = z.array(z.string());

/** Reads a certificate. */
export const x509CertificateInfo = defineModule({
  name: "x509_certificate_info",
  aliases: ["community.crypto.x509_certificate_info", "openssl_certificate_info"],
  kind: "question",
  summary: "Read a certificate: names, issuer, validity, fingerprint, key.",
  notes: [
    "The file is read by the controller, so that the target needs no openssl; only privatekey_path needs it there.",
    "Of several certificates in the file the first is told.",
  ],
  args,
  result: z.object({
    exists: z.boolean().describe("Whether a certificate is there; without one the texts are empty and days_left is 0."),
    subject: texts.describe("As `CN=media.example.org`, in their order."),
    issuer: texts.describe("The same of who signed it."),
    self_signed: z.boolean().describe("It is signed by its own key."),
    subject_alt_name: texts.describe("As `DNS:media.example.org` and `IP:192.0.2.1`."),
    key_usage: texts.describe("As `digitalSignature`."),
    extended_key_usage: texts.describe("As `serverAuth`."),
    ca: z.boolean().describe("It may sign others."),
    serial: z.string().describe("Hex."),
    not_before: z.string().describe("From when, as 2026-01-31T00:00:00.000Z."),
    not_after: z.string().describe("Until when."),
    days_left: z.number().describe("Whole days until then by the controller's clock; negative when it has ended."),
    expired: z.boolean().describe("It has ended."),
    fingerprint: z.string().describe("sha256 in hex."),
    key_type: z.string().describe('"rsa", "ec" or "ed25519".'),
    key_bits: z.number().describe("Of RSA; 0 otherwise."),
    key_matches: z.boolean().describe("The key at privatekey_path is that of the certificate; false without privatekey_path."),
    certificates: z.number().describe("How many certificates are in the file."),
  }),
  examples: [
    {
      title: "When does it end",
      yaml: "x509_certificate_info: { path: /etc/nginx/tls/origin.crt, privatekey_path: /etc/nginx/tls/origin.key }",
    },
  ],
  facts: (a) => ({
    file: pathFact({ path: cleanPath(a.path), want: "content" }),
    key: a.privatekey_path === undefined ? [] : [publicKey({ path: cleanPath(a.privatekey_path) })],
  }),
  plan(a, facts) {
    const { type, content } = facts.file.value;
    for (const { value } of facts.key) void value;
    if (type === "absent") return [];
    return content !== undefined && readCertificates(content).length > 0
      ? []
      : refusal(`${cleanPath(a.path)} holds no certificate in PEM form`);
  },
  resultOf(_a, { after }) {
    const all = readCertificates(after.file.value.content ?? "");
    const [it] = all;
    const key = it && publicKeyOf(it.spki);
    const left = it === undefined ? 0 : Math.floor((it.notAfter.getTime() - Date.now()) / 86_400_000);
    return {
      exists: it !== undefined,
      subject: [...(it?.subject ?? [])],
      issuer: [...(it?.issuer ?? [])],
      self_signed: it?.native.verify(it.native.publicKey) ?? false,
      subject_alt_name: [...(it?.subjectAltName ?? [])],
      key_usage: [...(it?.keyUsage ?? [])],
      extended_key_usage: [...(it?.extendedKeyUsage ?? [])],
      ca: it?.basicConstraints.includes("CA:TRUE") ?? false,
      serial: it?.serial ?? "",
      not_before: it?.notBefore.toISOString() ?? "",
      not_after: it?.notAfter.toISOString() ?? "",
      days_left: left,
      expired: left < 0,
      fingerprint: it?.fingerprint ?? "",
      key_type: key?.type ?? "",
      key_bits: key?.bits ?? 0,
      key_matches: it !== undefined && after.key.some((k) => k.value.spki === it.spki),
      certificates: all.length,
    };
  },
});
