import { z } from "zod";
import { noPublicKey, type PublicKey, publicKey } from "../../facts/public-key.ts";
import { differences } from "../../kernel/difference.ts";
import { defineModule, refusal } from "../../kernel/module.ts";
import { attributeFields } from "../parts/attributes.ts";
import { cleanPath, filePath } from "../parts/file-path.ts";
import { madeByOpenssl, madeFileQuestions, removed } from "../parts/made-by-openssl.ts";
import { pathResult, pathResultOf } from "../parts/path-result.ts";
import { programQuestions, withPrograms } from "../parts/programs.ts";
import { backupArgument } from "../parts/replacing.ts";

const curves = { secp256r1: "prime256v1", prime256v1: "prime256v1", secp384r1: "secp384r1", secp521r1: "secp521r1" } as const;
const types = { rsa: "rsa", ecdsa: "ec", ed25519: "ed25519", RSA: "rsa", ECC: "ec", Ed25519: "ed25519" } as const;
const typeNames = Object.keys(types) as (keyof typeof types)[];
const curveNames = Object.keys(curves) as (keyof typeof curves)[];

const args = z
  .strictObject({
    path: filePath.describe("Absolute path of the key on the target."),
    type: z.enum(typeNames).default("RSA").describe("Kind of the key; RSA, ECC and Ed25519 are Ansible's names. Default: RSA."),
    size: z.int().min(2048).max(8192).optional().describe("Bits of an RSA key. Default 4096."),
    curve: z.enum(curveNames).optional().describe("Curve of an ecdsa key. Default secp256r1, which is prime256v1 (P-256)."),
    state: z.enum(["present", "absent"]).default("present").describe("Whether the key shall be there."),
    regenerate: z
      .enum(["never", "fail", "full_idempotence"])
      .default("full_idempotence")
      .describe("What becomes of a key of another type or size: it is kept, the task fails, or a new one is made (as Ansible does)."),
    ...attributeFields,
    backup: backupArgument.describe("Keep the replaced key as PATH.old. Default false."),
  })
  .superRefine((a, context) => {
    const type = types[a.type];
    if (a.size !== undefined && type !== "rsa") context.addIssue({ code: "custom", message: `size is for RSA keys, not for ${a.type}` });
    if (a.curve !== undefined && type !== "ec") context.addIssue({ code: "custom", message: `curve is for ecdsa keys, not for ${a.type}` });
  });

type Arguments = z.output<typeof args>;

function wantedKey(a: Arguments): PublicKey {
  const type = types[a.type];
  return {
    state: "present",
    type,
    bits: type === "rsa" ? (a.size ?? 4096) : 0,
    curve: type === "ec" ? curves[a.curve ?? "secp256r1"] : "",
    spki: null,
  };
}

/** `RSA, 4096 bits`, `EC, prime256v1`; undefined for none. */
export function keyInWords({ state, type, bits, curve }: PublicKey): string | undefined {
  if (state === "absent") return undefined;
  if (state === "unreadable") return "no readable key";
  return [type.toUpperCase(), ...(bits > 0 ? [`${bits} bits`] : []), ...(curve === "" ? [] : [curve])].join(", ");
}

function genpkey({ type, bits, curve }: PublicKey): readonly string[] {
  const options =
    type === "rsa" ? [`rsa_keygen_bits:${bits}`] : type === "ec" ? [`ec_paramgen_curve:${curve}`, "ec_param_enc:named_curve"] : [];
  return ["openssl", "genpkey", "-algorithm", type.toUpperCase(), ...options.flatMap((option) => ["-pkeyopt", option])];
}

/** A private key, made on the target. */
export const x509Key = defineModule({
  name: "x509_key",
  aliases: ["community.crypto.openssl_privatekey", "openssl_privatekey"],
  kind: "state",
  undoable: true,
  summary: "Hold a private key, made on the target.",
  notes: [
    "The key is made by openssl on the target and never leaves it: only its public half is asked for.",
    "A new key has the mode 0600 unless `mode` says otherwise, and at no time another.",
    "Keys have no passphrase: a service could not read them after a boot.",
    "A file that holds no readable key is never replaced: remove it first.",
  ],
  args,
  result: pathResult.extend({
    type: z.string().describe('"rsa", "ec", "ed25519", or what else is there; empty when absent.'),
    bits: z.number().describe("Of RSA; 0 otherwise."),
    curve: z.string().describe("Of EC; empty otherwise."),
  }),
  examples: [
    { title: "For nginx", yaml: "x509_key: { path: /etc/nginx/tls/origin.key, type: ecdsa }" },
    { title: "RSA, for a group", yaml: "x509_key: { path: /etc/ssl/private/a.key, type: rsa, size: 3072, group: ssl-cert, mode: '0640' }" },
  ],
  facts: (a) => ({ ...madeFileQuestions(a), key: publicKey({ path: cleanPath(a.path) }), programs: programQuestions(["openssl"]) }),
  plan(a, facts) {
    const path = cleanPath(a.path);
    if (a.state === "absent") return removed(path, facts, [{ question: facts.key.question, value: noPublicKey }]);
    const now = facts.file.value.type === "absent" ? noPublicKey : facts.key.value;
    const wanted = wantedKey(a);
    const [before, after] = [keyInWords(now), keyInWords(wanted)];
    if (now.state === "unreadable")
      return refusal(`${path} holds no private key that openssl reads without a passphrase: it is not replaced, remove it first`);
    const differs = now.state !== "present" || before !== after;
    if (differs && now.state === "present" && a.regenerate === "fail")
      return refusal(`${path} is a key of another kind (${before}, not ${after}), and regenerate is fail`);
    const made = madeByOpenssl(
      {
        ...a,
        path,
        freshMode: "0600",
        fields: differs && !(now.state === "present" && a.regenerate === "never") ? differences("key", before, after) : [],
        argv: genpkey(wanted),
        timeout: 600,
        predicts: [{ question: facts.key.question, value: wanted }],
      },
      facts,
    );
    return "refused" in made ? made : withPrograms(made, facts.programs);
  },
  resultOf: (a, { after }) => {
    const { type, bits, curve } = after.key.value;
    return { ...pathResultOf(cleanPath(a.path), after.file), type, bits, curve };
  },
});
