import type { Unreachable } from "../kernel/target.ts";
import { fingerprint, type KnownKey, keyType, knownName, namesHost } from "./known-hosts.ts";

/** What known_hosts says of one host. */
export class HostKeys {
  readonly #host: string;
  readonly #port: number;
  readonly #files: readonly string[];
  /** Lines that name the host with its port. */
  readonly known: readonly KnownKey[];
  readonly #portless: readonly KnownKey[];
  readonly #revoked: readonly KnownKey[];

  /** `files` are named in the advice; the first is where a new key would go. */
  constructor(all: readonly KnownKey[], host: string, port: number, files: readonly string[]) {
    this.#host = host;
    this.#port = port;
    this.#files = files;
    const name = knownName(host, port);
    const naming = all.filter((k) => namesHost(k.hosts, name));
    const portless = port === 22 ? [] : all.filter((k) => namesHost(k.hosts, host.toLowerCase()));
    this.known = naming.filter((k) => !k.revoked);
    this.#portless = portless.filter((k) => !k.revoked);
    this.#revoked = [...naming, ...portless].filter((k) => k.revoked);
  }

  /** Undefined when the key is the known one. As OpenSSH, a key known without port counts where none is known with it. */
  verdict(key: Buffer): Unreachable | undefined {
    const text = key.toString("base64");
    const shown = `${keyType(key)} ${fingerprint(key)}`;
    const name = knownName(this.#host, this.#port);
    const revoked = this.#revoked.find((k) => k.key === text);
    if (revoked)
      return {
        final: true,
        unreachable: `the host key of ${name} is revoked (${revoked.file}:${revoked.line}): ${shown}`,
        help: "somebody may stand between you and the host: give the host a new key before anything is sent to it",
      };
    if (this.known.some((k) => k.key === text)) return undefined;
    const [first] = this.known;
    if (!first) return this.#portless.some((k) => k.key === text) ? undefined : this.#unknown(name, shown, keyType(key));
    const before = `${first.type} ${fingerprint(Buffer.from(first.key, "base64"))}`;
    return {
      final: true,
      unreachable: `the host key of ${name} has changed: known is ${before} (${first.file}:${first.line}), shown was ${shown}`,
      help: `if the host was installed anew: ssh-keygen -R '${name}' -f ${first.file}, then add the new key; if not, somebody may stand between you and the host`,
    };
  }

  #unknown(name: string, shown: string, type: string): Unreachable {
    const file = this.#files[0] ?? "~/.ssh/known_hosts";
    const kind = type.replace(/^ssh-|-sha2.*$/g, "");
    return {
      final: true,
      unreachable: `the host key of ${name} is not known: shown was ${shown}`,
      help: `compare this fingerprint with what "ssh-keygen -lf /etc/ssh/ssh_host_${kind}_key.pub" says on the host, then: ssh-keyscan -t ${kind} -p ${this.#port} ${this.#host} >> ${file}`,
    };
  }
}
