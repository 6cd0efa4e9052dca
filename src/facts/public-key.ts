import { createPublicKey } from "node:crypto";
import { defineFact } from "../kernel/fact.ts";
import { Shell, sh } from "../kernel/sh.ts";
import { readRecords } from "./lines.ts";

/** The public half of a private key in a file. The private half is never read by anybody but openssl on the host. */
export interface PublicKey {
  /** unreadable: a file that openssl reads no private key from without a passphrase. */
  readonly state: "absent" | "unreadable" | "present";
  /** "rsa", "ec", "ed25519" or another name of node:crypto; "" when there is none. */
  readonly type: string;
  /** Of RSA; 0 otherwise. */
  readonly bits: number;
  /** Of EC, as OpenSSL names it (`prime256v1`); "" otherwise. */
  readonly curve: string;
  /** SubjectPublicKeyInfo in base64; null for a key that is still to be made. */
  readonly spki: string | null;
}

export const noPublicKey: PublicKey = { state: "absent", type: "", bits: 0, curve: "", spki: null };

const tell = Shell.trusted(`if [ ! -e "$_p" ]; then echo -
  elif [ ! -r "$_p" ]; then echo '!the user of this task may not read the key; use become: true'
  elif ! command -v openssl >/dev/null 2>&1; then echo '!openssl is not on this host: install it before this task (Debian: openssl)'
  elif _k=$(openssl pkey -in "$_p" -pubout -passin pass: </dev/null 2>/dev/null); then
    _o=; for _w in $_k; do case $_w in -*|BEGIN|END|PUBLIC|KEY-----) ;; *) _o=$_o$_w ;; esac; done; echo "=$_o"
  else echo unreadable; fi`);

/** `publicKey({ path })`: openssl on the host derives it; the file itself is not read out. */
export const publicKey = defineFact<{ readonly path: string }, PublicKey>({
  kind: "public_key",
  summary: "The public half of a private key in a file, its type and size.",
  object: (key) => key.path,
  script: (keys) => sh`for _p in ${keys.map((k) => k.path)}; do ${tell}; done`,
  read: (stdout, keys) =>
    readRecords("public_key", stdout, keys, (line): PublicKey => {
      if (line === "-") return noPublicKey;
      if (line === "unreadable") return { ...noPublicKey, state: "unreadable" };
      return publicKeyOf(line.slice(1));
    }),
  write: (_key, { state, spki }) =>
    state === "absent" ? "-\n" : state === "unreadable" ? "unreadable\n" : spki === null ? undefined : `=${spki}\n`,
  absent: ({ state }) => state === "absent",
  enough: () => true,
  ifChanged: (key, value, object) => (object === `path ${key.path}` ? { ...value, state: "present", spki: null } : undefined),
});

/** What a public key in base64 (SubjectPublicKeyInfo) is. */
export function publicKeyOf(spki: string): PublicKey {
  const key = createPublicKey({ key: Buffer.from(spki, "base64"), format: "der", type: "spki" });
  const { modulusLength = 0, namedCurve = "" } = key.asymmetricKeyDetails ?? {};
  return { state: "present", type: key.asymmetricKeyType ?? "", bits: modulusLength, curve: namedCurve, spki };
}
