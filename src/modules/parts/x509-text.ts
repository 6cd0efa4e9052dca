import { createHash, X509Certificate } from "node:crypto";
import { createRequire } from "node:module";
import type * as Csr from "@peculiar/asn1-csr";
import type * as Schema from "@peculiar/asn1-schema";
import type * as X509 from "@peculiar/asn1-x509";

const require = createRequire(import.meta.url);
/** Loaded with the first certificate. */
let libraries: { readonly asn: typeof Schema; readonly x509: typeof X509; readonly csr: typeof Csr } | undefined;
function library(): NonNullable<typeof libraries> {
  libraries ??= {
    asn: require("@peculiar/asn1-schema") as typeof Schema,
    x509: require("@peculiar/asn1-x509") as typeof X509,
    csr: require("@peculiar/asn1-csr") as typeof Csr,
  };
  return libraries;
}

/** What a certificate, or a request for one, says; in the words of OpenSSL, lists sorted where their order means nothing. */
export interface Declared {
  /** `CN=media.example.org`, in their order. */
  readonly subject: readonly string[];
  /** `DNS:media.example.org`, `IP:192.0.2.1`. */
  readonly subjectAltName: readonly string[];
  readonly keyUsage: readonly string[];
  readonly extendedKeyUsage: readonly string[];
  /** `CA:TRUE`, `pathlen:0`; empty when it is not said. */
  readonly basicConstraints: readonly string[];
  /** SubjectPublicKeyInfo in base64. */
  readonly spki: string;
}

export interface Certificate extends Declared {
  readonly issuer: readonly string[];
  /** Hex. */
  readonly serial: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** sha256 in hex. */
  readonly fingerprint: string;
  /** For checking signatures. */
  readonly native: X509Certificate;
}

const attributes: Readonly<Record<string, string>> = {
  "2.5.4.3": "CN",
  "2.5.4.6": "C",
  "2.5.4.7": "L",
  "2.5.4.8": "ST",
  "2.5.4.10": "O",
  "2.5.4.11": "OU",
  "1.2.840.113549.1.9.1": "emailAddress",
};

const purposes: Readonly<Record<string, string>> = {
  "1.3.6.1.5.5.7.3.1": "serverAuth",
  "1.3.6.1.5.5.7.3.2": "clientAuth",
  "1.3.6.1.5.5.7.3.3": "codeSigning",
  "1.3.6.1.5.5.7.3.4": "emailProtection",
  "1.3.6.1.5.5.7.3.8": "timeStamping",
  "1.3.6.1.5.5.7.3.9": "OCSPSigning",
};

const usages =
  "digitalSignature nonRepudiation keyEncipherment dataEncipherment keyAgreement keyCertSign cRLSign encipherOnly decipherOnly".split(" ");

const extensionRequest = "1.2.840.113549.1.9.14";

/** The request in a text, or undefined when it holds none that can be read. */
export function readRequest(text: string): Declared | undefined {
  const { asn, x509, csr } = library();
  return reading(() => {
    const der = derOf(text, "(?:NEW )?CERTIFICATE REQUEST")[0];
    if (!der) return undefined;
    const info = asn.AsnConvert.parse(der, csr.CertificationRequest).certificationRequestInfo;
    const asked = (info.attributes ?? []).find((a) => a.type === extensionRequest)?.values[0];
    return declared(info.subject, info.subjectPKInfo, asked ? asn.AsnConvert.parse(asked, x509.Extensions) : []);
  });
}

/** The certificates in a text, in their order; empty when one of them cannot be read. */
export function readCertificates(text: string): readonly Certificate[] {
  const { asn, x509 } = library();
  const read = reading(() =>
    derOf(text, "CERTIFICATE").map((der): Certificate => {
      const { tbsCertificate: all } = asn.AsnConvert.parse(der, x509.Certificate);
      const native = new X509Certificate(der);
      return {
        ...declared(all.subject, all.subjectPublicKeyInfo, all.extensions ?? []),
        issuer: nameOf(all.issuer),
        serial: native.serialNumber.toLowerCase(),
        notBefore: all.validity.notBefore.getTime(),
        notAfter: all.validity.notAfter.getTime(),
        fingerprint: createHash("sha256").update(der).digest("hex"),
        native,
      };
    }),
  );
  return read ?? [];
}

/** What is no DER, or no X.509 in it, is an error of the libraries; for us it is a file without a certificate. */
function reading<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}

function derOf(text: string, label: string): Buffer[] {
  const blocks = text.matchAll(new RegExp(`-----BEGIN ${label}-----([A-Za-z0-9+/=\\s]+)-----END ${label}-----`, "g"));
  return [...blocks].map((b) => Buffer.from(b[1] ?? "", "base64"));
}

function declared(subject: X509.Name, key: X509.SubjectPublicKeyInfo, extensions: readonly X509.Extension[]): Declared {
  const { asn, x509 } = library();
  const found = <T>(id: string, type: new () => T): T | undefined => {
    const extension = extensions.find((e) => e.extnID === id);
    return extension && asn.AsnConvert.parse(extension.extnValue.buffer, type);
  };
  const usage = found(x509.id_ce_keyUsage, x509.KeyUsage)?.toNumber() ?? 0;
  const basic = found(x509.id_ce_basicConstraints, x509.BasicConstraints);
  return {
    subject: nameOf(subject),
    subjectAltName: [...(found(x509.id_ce_subjectAltName, x509.SubjectAlternativeName) ?? [])].map(generalName).sort(),
    keyUsage: usages.filter((_, bit) => (usage & (1 << bit)) !== 0).sort(),
    extendedKeyUsage: [...(found(x509.id_ce_extKeyUsage, x509.ExtendedKeyUsage) ?? [])].map((id) => purposes[id] ?? id).sort(),
    basicConstraints: basic
      ? [`CA:${basic.cA ? "TRUE" : "FALSE"}`, ...(basic.pathLenConstraint === undefined ? [] : [`pathlen:${basic.pathLenConstraint}`])]
      : [],
    spki: Buffer.from(asn.AsnConvert.serialize(key)).toString("base64"),
  };
}

function nameOf(name: X509.Name): readonly string[] {
  return [...name].flatMap((part) => [...part].map((a) => `${attributes[a.type] ?? a.type}=${a.value.toString()}`));
}

function generalName(name: X509.GeneralName): string {
  if (name.dNSName !== undefined) return `DNS:${name.dNSName}`;
  if (name.iPAddress !== undefined) return `IP:${plainAddress(name.iPAddress)}`;
  if (name.rfc822Name !== undefined) return `email:${name.rfc822Name}`;
  return name.uniformResourceIdentifier === undefined ? "another kind of name" : `URI:${name.uniformResourceIdentifier}`;
}

/** An address in the one spelling that is compared. */
export function plainAddress(address: string): string {
  return address.includes(":") ? new URL(`http://[${address}]/`).hostname.slice(1, -1) : address;
}
