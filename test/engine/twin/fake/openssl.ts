import type { PublicKey } from "../../../../src/facts/public-key.ts";
import { noPublicKey, publicKeyOf } from "../../../../src/facts/public-key.ts";
import type { FakeMachine } from "./machine.ts";
import { type Program, unknownWords } from "./program.ts";
import { Trouble } from "./trouble.ts";

/** The one key that the fake openssl makes: two runs of the same playbook shall end with the same files. Made for this test alone. */
const spki = "MCowBQYDK2VwAyEAF+CN0UF9UOjeCNCoL66OMxgYZq6eos0tBOVeEOhdfSM=";
const key = `-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VwBCIEIIrThw0vokAITZWSm9n/ApHS+Edl27gdFdkhHsWNh9y2
-----END PRIVATE KEY-----
`;
/** For twin.example.org, of that key. */
const request = `-----BEGIN CERTIFICATE REQUEST-----
MIHIMHwCAQAwGzEZMBcGA1UEAwwQdHdpbi5leGFtcGxlLm9yZzAqMAUGAytlcAMh
ABfgjdFBfVDo3gjQqC+ujjMYGGaunqLNLQTlXhDoXX0joC4wLAYJKoZIhvcNAQkO
MR8wHTAbBgNVHREEFDASghB0d2luLmV4YW1wbGUub3JnMAUGAytlcANBAH/HCtv+
jzcslyxUV2OxNMeiqmG0SQ/UeZb7hQvjBULzJOZoWI4Z47WrnbYsc9AOJaxlITmz
+Af0OZtFuzjuHwA=
-----END CERTIFICATE REQUEST-----
`;
/** Signed by that key, until 2126. */
const certificate = `-----BEGIN CERTIFICATE-----
MIIBNzCB6qADAgECAhQg3zO2EiDOx3OlNArSd5e9sDv4EjAFBgMrZXAwGzEZMBcG
A1UEAwwQdHdpbi5leGFtcGxlLm9yZzAgFw0yNjExMjExOTE2NDVaGA8yMTI2MTAy
ODE5MTY0NVowGzEZMBcGA1UEAwwQdHdpbi5leGFtcGxlLm9yZzAqMAUGAytlcAMh
ABfgjdFBfVDo3gjQqC+ujjMYGGaunqLNLQTlXhDoXX0joz4wPDAbBgNVHREEFDAS
ghB0d2luLmV4YW1wbGUub3JnMB0GA1UdDgQWBBRC0gdjt0MmapajoukP4nWCIKW0
ljAFBgMrZXADQQDalsjBu/qF4yxpkNR+ROHfcs3vHzBujjDpZ30qWvOuTxyX7kRI
Vn0PMRWG2RwYAile7wHgCvZXxHXuO937c0YM
-----END CERTIFICATE-----
`;

/** What openssl derives of a file: only of the key that it made itself. */
export function publicKeyIn(m: FakeMachine, path: string): PublicKey {
  const there = m.files.through(path);
  if (!there) return noPublicKey;
  return m.files.text(path) === key ? publicKeyOf(spki) : { ...noPublicKey, state: "unreadable" };
}

/** `-name value` pairs behind the first words. */
function option(words: readonly string[], name: string): string {
  return words[words.indexOf(name) + 1] ?? "";
}

const openssl: Program = (m, words, _stdin, as) => {
  const [command] = words;
  const out = option(words, "-out");
  const needs = (name: string, content: string): void => {
    if (m.files.text(option(words, name)) !== content) throw new Trouble(1, `openssl: could not read ${option(words, name)}`);
  };
  const made = (content: string, mode: number): string => {
    m.files.put(out, { kind: "file", mode, content: Buffer.from(content) }, as);
    return "";
  };
  if (command === "genpkey" && option(words, "-algorithm") === "ED25519") return made(key, 0o600);
  if (command === "req" && option(words, "-subj") === "/CN=twin.example.org") {
    needs("-key", key);
    return made(request, 0o644);
  }
  if (command === "x509" && words[1] === "-req") {
    needs("-in", request);
    needs("-signkey", key);
    return made(certificate, 0o644);
  }
  return unknownWords("openssl", words);
};

export const keyPrograms: Readonly<Record<string, Program>> = { openssl };
