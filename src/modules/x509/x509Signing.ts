import type { PathValue } from "../../facts/path.ts";
import type { PublicKey } from "../../facts/public-key.ts";
import type { ChangedField } from "../../kernel/difference.ts";
import type { Answer } from "../../kernel/fact.ts";
import { type Refusal, refusal } from "../../kernel/module.ts";
import { cleanPath } from "../parts/file-path.ts";
import { type Certificate, type Declared, readCertificates, readRequest } from "../parts/x509-text.ts";
import { declaredFields } from "./x509Request.ts";

/** What a certificate is made of. */
export interface Signers {
  /** Undefined: a task before this one will make it. */
  readonly request: Declared | undefined;
  /** Who signs: the authority, "self", or undefined when a task before this one will make it. */
  readonly authority: Certificate | "self" | undefined;
  /** Arguments of openssl x509 that name the signer. */
  readonly argv: readonly string[];
}

interface Arguments {
  readonly csr_path?: string | undefined;
  readonly privatekey_path?: string | undefined;
  readonly ownca_path?: string | undefined;
  readonly ownca_privatekey_path?: string | undefined;
}

interface Found {
  readonly request: readonly Answer<PathValue>[];
  readonly authority: readonly Answer<PathValue>[];
  readonly key: readonly Answer<PublicKey>[];
}

/** Request and signer as they are on the host, or why a certificate cannot be made of them. */
export function signersOf(a: Arguments, { request, authority, key }: Found): Signers | Refusal {
  const csr = request[0]?.value;
  const at = cleanPath(a.csr_path ?? "/");
  if (!csr || csr.type === "absent") return refusal(`the request ${at} is not there: make it with x509_csr before this task`);
  const asked = csr.type === "something" ? undefined : readRequest(csr.content ?? "");
  if (csr.type !== "something" && !asked) return refusal(`${at} holds no request for a certificate`);
  const ca = authority[0]?.value;
  if (!ca) {
    const spki = key[0]?.value.spki;
    if (asked && typeof spki === "string" && spki !== asked.spki)
      return refusal(`the request ${at} is not of the key ${a.privatekey_path}`);
    return { request: asked, authority: "self", argv: ["-signkey", cleanPath(a.privatekey_path ?? "/")] };
  }
  const caPath = cleanPath(a.ownca_path ?? "/");
  if (ca.type === "absent") return refusal(`the certificate ${caPath} of the authority is not there`);
  const [signer] = ca.type === "something" ? [] : readCertificates(ca.content ?? "");
  if (ca.type !== "something" && !signer) return refusal(`${caPath} holds no certificate`);
  if (signer && !signer.basicConstraints.includes("CA:TRUE"))
    return refusal(`${caPath} is no certificate of an authority: its basic constraints are not CA:TRUE`);
  return { request: asked, authority: signer, argv: ["-CA", caPath, "-CAkey", cleanPath(a.ownca_privatekey_path ?? "/")] };
}

const day = 86_400_000;

/** Why the certificate is made anew, field by field; empty when it is right. */
export function certificateFields(
  now: Certificate | undefined,
  { request, authority }: Signers,
  renewBefore: number,
  days: number,
): readonly ChangedField[] {
  const lasts = { name: "lasts", before: now && `until ${dateOf(now.notAfter)}`, after: `${days} days from then` };
  if (!request) return [{ name: "request", before: undefined, after: "of a task before this one" }, lasts];
  const said = declaredFields(now, request);
  const by = authority === "self" ? now : authority;
  const signed = now && by && now.issuer.join() === by.subject.join() && now.native.verify(by.native.publicKey);
  const signer = authority === "self" ? "its own key" : (authority?.subject.join(", ") ?? "an authority that a task before this one makes");
  const signature = signed === true ? [] : [{ name: "signed by", before: now?.issuer.join(", "), after: signer }];
  const left = now === undefined ? 0 : now.notAfter.getTime() - Date.now();
  const early = now !== undefined && now.notBefore.getTime() > Date.now() + day;
  const fields = [...said, ...signature];
  return fields.length > 0 || left <= renewBefore * day || early ? [...fields, lasts] : [];
}

/** What is wrong with a given text, or undefined. */
export function givenProblem(text: string): string | undefined {
  if (/PRIVATE KEY-----/.test(text)) return "the text holds a private key: a key is never given with its certificate";
  const [first] = readCertificates(text);
  if (!first) return "no certificate in PEM form: it begins with -----BEGIN CERTIFICATE-----";
  return first.notAfter.getTime() < Date.now() ? `the certificate ended on ${dateOf(first.notAfter)}` : undefined;
}

function dateOf(date: Date): string {
  return date.toISOString().slice(0, 10);
}
