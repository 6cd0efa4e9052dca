import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export interface ServerCertificate {
  /** PEM of the root that signed it. */
  readonly root: string;
  readonly cert: string;
  readonly key: string;
}

let made: ServerCertificate | undefined;

/** A root, and a certificate of it for 127.0.0.1; the same for all servers of a test file. */
export function serverCertificate(): ServerCertificate {
  made ??= make();
  return made;
}

function make(): ServerCertificate {
  const folder = mkdtempSync(join(tmpdir(), "rempart-emulator-"));
  const at = (name: string): string => join(folder, name);
  const openssl = (...words: readonly string[]): void => void execFileSync("openssl", words, { stdio: "pipe" });
  const key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"];
  openssl("req", "-x509", ...key, "-keyout", at("root.key"), "-out", at("root.pem"), "-days", "2", "-subj", "/CN=root of an emulator");
  openssl("req", "-new", ...key, "-keyout", at("key.pem"), "-out", at("request.pem"), "-subj", "/CN=emulator");
  writeFileSync(at("names"), "subjectAltName=IP:127.0.0.1\n");
  openssl(
    "x509",
    "-req",
    "-in",
    at("request.pem"),
    "-CA",
    at("root.pem"),
    "-CAkey",
    at("root.key"),
    "-CAcreateserial",
    "-days",
    "2",
    "-extfile",
    at("names"),
    "-out",
    at("cert.pem"),
  );
  const read = (name: string): string => readFileSync(at(name), "utf8");
  const files = { root: read("root.pem"), cert: read("cert.pem"), key: read("key.pem") };
  rmSync(folder, { recursive: true });
  return files;
}
