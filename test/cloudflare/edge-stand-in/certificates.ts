import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { isIP } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A certificate with its key, PEM. */
export interface KeyPair {
  readonly certificate: string;
  readonly key: string;
}

const newKey = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];

/** An authority of its own. */
export function makeAuthority(name: string): KeyPair {
  return inFolder((at, openssl, read) => {
    const usage = ["-addext", "basicConstraints=critical,CA:TRUE", "-addext", "keyUsage=critical,keyCertSign,cRLSign"];
    openssl("req", "-x509", ...newKey, "-keyout", at("key"), "-out", at("pem"), "-days", "400", "-subj", `/CN=${name}`, ...usage);
    return { certificate: read("pem"), key: read("key") };
  });
}

/** A certificate for names and addresses, signed by an authority; a client's when `client`. */
export function issue(authority: KeyPair, names: readonly string[], { client = false } = {}): KeyPair {
  return inFolder((at, openssl, read) => {
    openssl("req", "-new", ...newKey, "-keyout", at("key"), "-out", at("csr"), "-subj", `/CN=${names[0]?.replace("*.", "")}`);
    return { certificate: sign(authority, read("csr"), names, 90, client), key: read("key") };
  });
}

/** The certificate of a request. Its names are `names`, whatever the request says, as Cloudflare does it. */
export function sign(authority: KeyPair, csr: string, names: readonly string[], days: number, client = false): string {
  return inFolder((at, openssl, read) => {
    writeFileSync(at("ca.pem"), authority.certificate);
    writeFileSync(at("ca.key"), authority.key, { mode: 0o600 });
    writeFileSync(at("csr"), csr);
    const listed = names.map((name) => (isIP(name) ? `IP:${name}` : `DNS:${name}`)).join(",");
    const usage = client ? "clientAuth" : "serverAuth";
    writeFileSync(at("ext"), `subjectAltName=${listed}\nextendedKeyUsage=${usage}\nbasicConstraints=critical,CA:FALSE\n`);
    const by = ["-CA", at("ca.pem"), "-CAkey", at("ca.key"), "-CAcreateserial", "-extfile", at("ext")];
    openssl("x509", "-req", "-in", at("csr"), ...by, "-days", String(days), "-out", at("pem"));
    return read("pem");
  });
}

type At = (name: string) => string;

function inFolder<T>(work: (at: At, openssl: (...words: string[]) => void, read: At) => T): T {
  const folder = mkdtempSync(join(tmpdir(), "rempart-edge-"));
  const at: At = (name) => join(folder, name);
  try {
    return work(
      at,
      (...words) => void execFileSync("openssl", words, { stdio: "pipe", timeout: 20_000 }),
      (name) => readFileSync(at(name), "utf8"),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}
