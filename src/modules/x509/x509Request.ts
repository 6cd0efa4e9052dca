import { createHash } from "node:crypto";
import { isIP } from "node:net";
import { z } from "zod";
import { type ChangedField, differences } from "../../kernel/difference.ts";
import { type Declared, plainAddress } from "../parts/x509-text.ts";

const words = z.string().regex(/^[^\p{Cc}]{1,200}$/u, "a text on one line is wanted, not empty");
const flags = (names: readonly string[]) => z.array(z.enum(names)).optional();

const usages = ["digitalSignature", "nonRepudiation", "keyEncipherment", "dataEncipherment", "keyAgreement", "keyCertSign", "cRLSign"];
const purposes = ["serverAuth", "clientAuth", "codeSigning", "emailProtection", "timeStamping", "OCSPSigning"];

/** What a request says. */
export const requestFields = {
  country_name: z
    .string()
    .regex(/^[A-Z]{2}$/, "a country is two capital letters")
    .optional()
    .describe("C of the subject."),
  state_or_province_name: words.optional().describe("ST of the subject."),
  locality_name: words.optional().describe("L of the subject."),
  organization_name: words.optional().describe("O of the subject."),
  organizational_unit_name: words.optional().describe("OU of the subject."),
  common_name: words.optional().describe("CN of the subject."),
  subject_alt_name: z
    .array(z.string().refine((name) => nameProblem(name) === undefined, { error: ({ input }) => nameProblem(String(input)) ?? "" }))
    .optional()
    .describe("Names that the certificate is for: `DNS:media.example.org`, `IP:192.0.2.1`."),
  key_usage: flags(usages).describe("What the key may be used for: `digitalSignature`, `keyCertSign`, ..."),
  key_usage_critical: z.boolean().optional().describe("Who does not know key_usage must refuse the certificate. Default false."),
  extended_key_usage: flags(purposes).describe("What the certificate is for: `serverAuth`, `clientAuth`, ..."),
  basic_constraints: z
    .array(z.string().regex(/^(CA:(TRUE|FALSE)|pathlen:\d)$/, "CA:TRUE, CA:FALSE or pathlen:0 is wanted"))
    .optional()
    .describe("`CA:TRUE` for an authority, `pathlen:0` for one that makes no others."),
  basic_constraints_critical: z
    .boolean()
    .optional()
    .describe("Who does not know basic_constraints must refuse the certificate. Default false."),
};

type RequestArguments = z.output<z.ZodObject<typeof requestFields>>;

function nameProblem(name: string): string | undefined {
  const [, kind, value = ""] = /^(DNS|IP):(.*)$/s.exec(name) ?? [];
  if (kind === undefined) return `"${name}": a name is written DNS:media.example.org or IP:192.0.2.1`;
  const right = kind === "IP" ? isIP(value) !== 0 : /^(\*\.)?[A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9])?$/.test(value);
  return right ? undefined : `"${value}" is no ${kind === "IP" ? "address" : "host name"}`;
}

export function requestProblem(a: RequestArguments & { readonly privatekey_path?: string | undefined }): string | undefined {
  if (a.privatekey_path === undefined) return "state: present needs privatekey_path";
  return a.common_name === undefined && a.subject_alt_name === undefined ? "needs common_name or subject_alt_name" : undefined;
}

/** What the request shall say, but for its key. */
export function wantedRequest(a: RequestArguments): Omit<Declared, "spki"> {
  return {
    subject: subjectOf(a).map(([name, value]) => `${name}=${value}`),
    subjectAltName: [...new Set(namesOf(a))].sort(),
    keyUsage: [...new Set(a.key_usage)].sort(),
    extendedKeyUsage: [...new Set(a.extended_key_usage)].sort(),
    basicConstraints: a.basic_constraints ?? [],
  };
}

/** The same as arguments of openssl req. Nothing in them is secret. */
export function requestArguments(a: RequestArguments): readonly string[] {
  const wanted = wantedRequest(a);
  const subject = subjectOf(a).map(([name, value]) => `/${name}=${value.replace(/[\\/+]/g, "\\$&")}`);
  const extension = (name: string, values: readonly string[], critical: boolean | undefined): readonly string[] =>
    values.length === 0 ? [] : ["-addext", `${name}=${critical === true ? "critical," : ""}${values.join(",")}`];
  return [
    "-subj",
    subject.length === 0 ? "/" : subject.join(""),
    ...extension("subjectAltName", wanted.subjectAltName, wanted.subject.length === 0),
    ...extension("keyUsage", wanted.keyUsage, a.key_usage_critical),
    ...extension("extendedKeyUsage", wanted.extendedKeyUsage, false),
    ...extension("basicConstraints", wanted.basicConstraints, a.basic_constraints_critical),
  ];
}

/** Where what is there differs from what is wanted; the key is told by its digest. */
export function declaredFields(now: Declared | undefined, wanted: Declared): readonly ChangedField[] {
  const short = (d: Declared | undefined): Record<string, unknown> =>
    d === undefined
      ? {}
      : {
          subject: d.subject.join(", "),
          names: d.subjectAltName.length === 0 ? undefined : d.subjectAltName,
          "key usage": d.keyUsage.length === 0 ? undefined : d.keyUsage,
          "extended key usage": d.extendedKeyUsage.length === 0 ? undefined : d.extendedKeyUsage,
          "basic constraints": d.basicConstraints.length === 0 ? undefined : d.basicConstraints,
          "public key": keyInShort(d.spki),
        };
  return differences("", short(now), short(wanted));
}

function keyInShort(spki: string): string {
  return spki === "a new key" ? spki : `sha256 ${createHash("sha256").update(Buffer.from(spki, "base64")).digest("hex").slice(0, 12)}`;
}

function subjectOf(a: RequestArguments): readonly (readonly [string, string])[] {
  const parts = [
    ["C", a.country_name],
    ["ST", a.state_or_province_name],
    ["L", a.locality_name],
    ["O", a.organization_name],
    ["OU", a.organizational_unit_name],
    ["CN", a.common_name],
  ] as const;
  return parts.flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]));
}

function namesOf(a: RequestArguments): readonly string[] {
  if (a.subject_alt_name) return a.subject_alt_name.map((n) => (n.startsWith("IP:") ? `IP:${plainAddress(n.slice(3))}` : n));
  const isHost = a.common_name?.includes(".") && nameProblem(`DNS:${a.common_name}`) === undefined;
  return isHost && a.basic_constraints?.includes("CA:TRUE") !== true ? [`DNS:${a.common_name}`] : [];
}
