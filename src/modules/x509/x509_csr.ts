import { z } from "zod";
import { publicKey } from "../../facts/public-key.ts";
import { defineModule, refusal } from "../../kernel/module.ts";
import { attributeFields } from "../parts/attributes.ts";
import { cleanPath, filePath } from "../parts/file-path.ts";
import { madeByOpenssl, madeFileQuestions, removed } from "../parts/made-by-openssl.ts";
import { pathResult, pathResultOf } from "../parts/path-result.ts";
import { programQuestions, withPrograms } from "../parts/programs.ts";
import { backupArgument } from "../parts/replacing.ts";
import { readRequest } from "../parts/x509-text.ts";
import { declaredFields, requestArguments, requestFields, requestProblem, wantedRequest } from "./x509Request.ts";

const args = z
  .strictObject({
    path: filePath.describe("Absolute path of the request on the target."),
    privatekey_path: filePath.optional().describe("Absolute path of the private key on the target. Needed for state: present."),
    ...requestFields,
    state: z.enum(["present", "absent"]).default("present").describe("Whether the request shall be there."),
    ...attributeFields,
    backup: backupArgument.describe("Keep the replaced request as PATH.old. Default false."),
  })
  .superRefine((a, context) => {
    const problem = a.state === "absent" ? undefined : requestProblem(a);
    if (problem !== undefined) context.addIssue({ code: "custom", message: problem });
  });

/** A request for a certificate. */
export const x509Csr = defineModule({
  name: "x509_csr",
  aliases: ["community.crypto.openssl_csr", "openssl_csr"],
  kind: "state",
  undoable: true,
  summary: "Hold a request for a certificate (CSR), signed by a key of the target.",
  notes: [
    "The request that is there is read and compared field by field: subject, names, usages, constraints, key. It is made again when one of them differs.",
    "Without subject_alt_name, a common_name that is a host name becomes one, as Ansible does it: no browser looks at the common name.",
  ],
  args,
  result: pathResult,
  examples: [
    {
      title: "For two names",
      yaml: "x509_csr: { path: /etc/nginx/tls/lan.csr, privatekey_path: /etc/nginx/tls/lan.key, common_name: media.lan, subject_alt_name: ['DNS:media.lan', 'IP:192.0.2.10'] }",
    },
    {
      title: "For an authority of one's own",
      yaml: "x509_csr: { path: /etc/ssl/ca.csr, privatekey_path: /etc/ssl/private/ca.key, common_name: Home CA, basic_constraints: ['CA:TRUE'], basic_constraints_critical: true, key_usage: [keyCertSign, cRLSign], key_usage_critical: true }",
    },
  ],
  facts: (a) => ({
    ...madeFileQuestions(a, true),
    key: a.privatekey_path === undefined ? [] : [publicKey({ path: cleanPath(a.privatekey_path) })],
    programs: programQuestions(["openssl"]),
  }),
  plan(a, facts) {
    const path = cleanPath(a.path);
    if (a.state === "absent") return removed(path, facts, []);
    const key = facts.key[0]?.value;
    const keyPath = cleanPath(a.privatekey_path ?? "/");
    if (key?.state !== "present")
      return refusal(
        key?.state === "unreadable"
          ? `${keyPath} holds no readable private key`
          : `the key ${keyPath} is not there: make it with x509_key before this task`,
      );
    const there = facts.file.value.content === undefined ? undefined : readRequest(facts.file.value.content);
    const made = madeByOpenssl(
      {
        ...a,
        path,
        freshMode: "0644",
        fields: declaredFields(there, { ...wantedRequest(a), spki: key.spki ?? "a new key" }),
        argv: ["openssl", "req", "-new", "-batch", "-utf8", "-key", keyPath, ...requestArguments(a)],
      },
      facts,
    );
    return "refused" in made ? made : withPrograms(made, facts.programs);
  },
  resultOf: (a, { after }) => pathResultOf(cleanPath(a.path), after.file),
});
