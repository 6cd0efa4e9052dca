/** One line of an authorized_keys file, in its parts. */
export interface PublicKey {
  /** What stands before the key: `restrict,from="192.168.1.0/24"`; "" when nothing does. */
  readonly options: string;
  /** `ssh-ed25519 AAAA...`: two lines with the same are the same key. */
  readonly key: string;
  readonly comment: string;
}

const pattern =
  /^(?:((?:[^\s"]|"(?:\\"|[^"])*")+)\s+)?((?:ssh-(?:ed25519|rsa|dss)|ecdsa-sha2-nistp\d+|sk-[a-z0-9-]+@openssh\.com)(?:-cert-v01@openssh\.com)?)\s+([A-Za-z0-9+/]+=*)(?:\s+(.*))?$/;

/** The key on this line, or undefined for a comment, an empty line, or what sshd would not understand either. */
export function parseKey(line: string): PublicKey | undefined {
  const [, options = "", type, blob = "", comment = ""] = pattern.exec(line.trim()) ?? [];
  if (type === undefined) return undefined;
  const raw = Buffer.from(blob, "base64");
  const named = raw.subarray(4, 4 + (raw.length > 4 ? raw.readUInt32BE(0) : 0)).toString("latin1");
  return named === type ? { options, key: `${type} ${blob}`, comment: comment.trim() } : undefined;
}

/** As it stands in the file. */
export function keyLine(k: PublicKey): string {
  return [k.options, k.key, k.comment].filter((part) => part !== "").join(" ");
}

/** Why a text is no list of public keys, or undefined when it is one. */
export function keyProblem(text: string): string | undefined {
  if (text.includes("PRIVATE KEY"))
    return "this is a private key: give the line of the .pub file beside it, and make a new pair if this one was shown to anybody";
  const lines = text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "" && !line.startsWith("#"));
  if (lines.length === 0) return "there is no key in it";
  const wrong = lines.find((line) => parseKey(line) === undefined);
  return wrong === undefined
    ? undefined
    : `"${wrong.slice(0, 40)}${wrong.length > 40 ? "..." : ""}" is not a public key: a line of an OpenSSH .pub file is wanted`;
}
