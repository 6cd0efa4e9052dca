import { z } from "zod";
import { path as pathFact } from "../../facts/path.ts";
import { publicKey } from "../../facts/public-key.ts";
import { defineModule, refusal } from "../../kernel/module.ts";
import { attributeFields } from "../parts/attributes.ts";
import { cleanPath, filePath } from "../parts/file-path.ts";
import { madeByOpenssl, madeFileQuestions, removed } from "../parts/made-by-openssl.ts";
import { pathResult, pathResultOf } from "../parts/path-result.ts";
import { programQuestions, withPrograms } from "../parts/programs.ts";
import { backupArgument } from "../parts/replacing.ts";
import { wholeFile } from "../parts/whole-file.ts";
import { readCertificates } from "../parts/x509-text.ts";
import { certificateFields, givenProblem, signersOf } from "./x509Signing.ts";

const lasting = z
  .string()
  .regex(/^\+[1-9]\d{0,4}d$/, "days from now are wanted: +397d")
  .optional();

const args = z
  .strictObject({
    path: filePath.describe("Absolute path of the certificate on the target."),
    provider: z
      .enum(["selfsigned", "ownca", "given"])
      .optional()
      .describe("selfsigned: signed by its own key. ownca: signed by an authority of the target. given: the text of `content`."),
    csr_path: filePath.optional().describe("Absolute path of the request on the target, for selfsigned and ownca."),
    privatekey_path: filePath
      .optional()
      .describe("Absolute path of the private key on the target: it signs (selfsigned), or must match (given)."),
    ownca_path: filePath.optional().describe("Absolute path of the authority's certificate on the target."),
    ownca_privatekey_path: filePath.optional().describe("Absolute path of the authority's private key on the target."),
    selfsigned_not_after: lasting.describe("How long it lasts: `+397d`. Default +3650d."),
    ownca_not_after: lasting.describe("The same for ownca."),
    renew_before: z.int().min(0).max(3650).default(30).describe("Days before its end on which it is made again."),
    content: z.string().optional().describe("The certificate as PEM text, with those between it and the authority behind it; for given."),
    state: z.enum(["present", "absent"]).default("present").describe("Whether the certificate shall be there."),
    ...attributeFields,
    backup: backupArgument.describe("Keep the replaced certificate: as PATH.old, with given with the time in its name. Default false."),
  })
  .superRefine((a, context) => {
    const needs = {
      selfsigned: ["csr_path", "privatekey_path"],
      ownca: ["csr_path", "ownca_path", "ownca_privatekey_path"],
      given: ["content"],
    } as const;
    const missing = a.state === "absent" || a.provider === undefined ? undefined : needs[a.provider].find((name) => a[name] === undefined);
    if (a.state === "present" && a.provider === undefined) context.addIssue({ code: "custom", message: "state: present needs provider" });
    if (missing !== undefined) context.addIssue({ code: "custom", message: `provider: ${a.provider} needs ${missing}` });
    const problem = a.provider === "given" && a.content !== undefined ? givenProblem(a.content) : undefined;
    if (problem !== undefined) context.addIssue({ code: "custom", message: problem, path: ["content"] });
  });

/** A certificate. */
export const x509Certificate = defineModule({
  name: "x509_certificate",
  aliases: ["community.crypto.x509_certificate", "openssl_certificate"],
  kind: "state",
  undoable: true,
  summary: "Hold a certificate: self-signed, signed by an authority of one's own, or given.",
  notes: [
    "The certificate that is there is read and compared field by field with the request: subject, names, usages, constraints, key; then its signature, and its end.",
    "It is signed by openssl 3 on the target, where the keys stay. A given text is put there as it is.",
    "The clock of the controller decides when a certificate is near its end.",
  ],
  args,
  result: pathResult.extend({
    not_after: z.string().describe("Until when it lasts, as 2027-01-31T00:00:00.000Z; empty when there is none."),
    fingerprint: z.string().describe("sha256 in hex; empty when there is none."),
  }),
  examples: [
    {
      title: "Self-signed",
      yaml: "x509_certificate: { path: /etc/nginx/tls/lan.crt, provider: selfsigned, csr_path: /etc/nginx/tls/lan.csr, privatekey_path: /etc/nginx/tls/lan.key, selfsigned_not_after: +397d }",
    },
    {
      title: "Signed by an authority of one's own",
      yaml: "x509_certificate: { path: /etc/nginx/tls/lan.crt, provider: ownca, csr_path: /etc/nginx/tls/lan.csr, ownca_path: /etc/ssl/ca.crt, ownca_privatekey_path: /etc/ssl/private/ca.key, ownca_not_after: +90d }",
    },
  ],
  facts(a) {
    const readable = (at: string | undefined) =>
      at === undefined ? [] : [pathFact({ path: cleanPath(at), want: "content" as const, orSomething: true as const })];
    return {
      ...madeFileQuestions(a, true),
      request: readable(a.csr_path),
      authority: readable(a.ownca_path),
      key: a.privatekey_path === undefined ? [] : [publicKey({ path: cleanPath(a.privatekey_path) })],
      programs: a.provider === "given" ? [] : programQuestions(["openssl"]),
    };
  },
  plan(a, facts) {
    const path = cleanPath(a.path);
    if (a.state === "absent") return removed(path, facts, []);
    const [key] = facts.key;
    if (key && key.value.state !== "present")
      return refusal(`${key.question.object.replace("public_key ", "the key ")} is not there, or cannot be read`);
    if (a.provider === "given") {
      const content = a.content ?? "";
      const given = readCertificates(content)[0];
      const spki = key?.value.spki;
      if (given && typeof spki === "string" && spki !== given.spki)
        return refusal(`the given certificate is not for the key ${cleanPath(a.privatekey_path ?? "/")}`);
      return wholeFile({ ...a, path, content, freshMode: "0644" }, facts);
    }
    const signers = signersOf(a, facts);
    if ("refused" in signers) return signers;
    const there = facts.file.value.content === undefined ? undefined : readCertificates(facts.file.value.content)[0];
    const days = (a.provider === "ownca" ? a.ownca_not_after : a.selfsigned_not_after)?.slice(1, -1) ?? "3650";
    if (Number(days) <= a.renew_before)
      return refusal(`it would last ${days} days, and is made again ${a.renew_before} days before its end: in every run`);
    const made = madeByOpenssl(
      {
        ...a,
        path,
        freshMode: "0644",
        fields: certificateFields(there, signers, a.renew_before, Number(days)),
        argv: [
          "openssl",
          "x509",
          "-req",
          "-in",
          cleanPath(a.csr_path ?? "/"),
          ...signers.argv,
          "-days",
          days,
          "-copy_extensions",
          "copyall",
        ],
      },
      facts,
    );
    return "refused" in made ? made : withPrograms(made, facts.programs);
  },
  resultOf(a, { after }) {
    const [there] = readCertificates(after.file.value.content ?? "");
    return {
      ...pathResultOf(cleanPath(a.path), after.file),
      not_after: there?.notAfter.toISOString() ?? "",
      fingerprint: there?.fingerprint ?? "",
    };
  },
});
