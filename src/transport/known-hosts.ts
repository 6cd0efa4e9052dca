import { createHash, createHmac } from "node:crypto";

/** One line of a known_hosts file that names a key. */
export interface KnownKey {
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly revoked: boolean;
  readonly hosts: string;
  readonly type: string;
  /** The key, base64. */
  readonly key: string;
}

/** The lines of a known_hosts file. Comments, certificate authorities and lines that say nothing are left out. */
export function parseKnownHosts(text: string, file: string): KnownKey[] {
  return text.split("\n").flatMap((raw, i): KnownKey[] => {
    const words = raw.trim().split(/\s+/);
    const marker = words[0]?.startsWith("@") ? words.shift() : undefined;
    const [hosts, type, key] = words;
    if (!hosts || hosts.startsWith("#") || !type || !key) return [];
    if (marker !== undefined && marker !== "@revoked") return [];
    return [{ file, line: i + 1, revoked: marker === "@revoked", hosts, type, key }];
  });
}

/** The name under which a host stands in known_hosts: `host`, or `[host]:port`. */
export function knownName(host: string, port: number): string {
  return port === 22 ? host.toLowerCase() : `[${host.toLowerCase()}]:${port}`;
}

/** Does the first field of a line mean this name? Patterns, negations and hashed names as in sshd(8). */
export function namesHost(field: string, name: string): boolean {
  const [, one, salt, digest] = field.split("|");
  if (field.startsWith("|"))
    return (
      one === "1" &&
      createHmac("sha1", Buffer.from(salt ?? "", "base64"))
        .update(name)
        .digest("base64") === digest
    );
  let named = false;
  for (const pattern of field.toLowerCase().split(",")) {
    const negated = pattern.startsWith("!");
    if (!asRegExp(negated ? pattern.slice(1) : pattern).test(name)) continue;
    if (negated) return false;
    named = true;
  }
  return named;
}

function asRegExp(pattern: string): RegExp {
  const source = pattern
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  return new RegExp(`^${source}$`);
}

/** As ssh-keygen shows it: `SHA256:...`. */
export function fingerprint(key: Buffer): string {
  return `SHA256:${createHash("sha256").update(key).digest("base64").replace(/=+$/, "")}`;
}

/** The type that a public key says it has. */
export function keyType(key: Buffer): string {
  return key.length < 4 ? "" : key.toString("latin1", 4, 4 + key.readUInt32BE(0));
}

const algorithms: readonly (readonly [type: string, ...names: string[]])[] = [
  ["ssh-ed25519", "ssh-ed25519"],
  ["ecdsa-sha2-nistp256", "ecdsa-sha2-nistp256"],
  ["ecdsa-sha2-nistp384", "ecdsa-sha2-nistp384"],
  ["ecdsa-sha2-nistp521", "ecdsa-sha2-nistp521"],
  ["ssh-rsa", "rsa-sha2-512", "rsa-sha2-256"],
];

/** Host key algorithms, those first whose keys are known: else a host that gained a better key would look changed. */
export function orderedAlgorithms(known: readonly KnownKey[]): string[] {
  const types = new Set(known.filter((k) => !k.revoked).map((k) => k.type));
  const held = algorithms.filter(([type]) => types.has(type));
  const others = algorithms.filter(([type]) => !types.has(type));
  return [...held, ...others].flatMap(([, ...names]) => names);
}
