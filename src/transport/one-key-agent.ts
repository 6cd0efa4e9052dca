import ssh2, { type IdentityCallback, type KnownPublicKeys, type ParsedKey, type SignCallback, type SigningRequestOptions } from "ssh2";

type Key = string | Buffer | ParsedKey;

/** The user's agent, but it knows only one key. */
export class OneKeyAgent extends ssh2.BaseAgent<Key> {
  readonly #agent: ssh2.OpenSSHAgent;
  readonly #key: Buffer;

  constructor(socket: string, key: Buffer) {
    super();
    this.#agent = new ssh2.OpenSSHAgent(socket);
    this.#key = key;
  }

  override getIdentities(done: IdentityCallback<Key>): void {
    this.#agent.getIdentities((error, keys) => done(error, keys?.filter((k) => publicBytes(k).equals(this.#key)) as KnownPublicKeys<Key>));
  }

  override sign(key: Key, data: Buffer, options: SigningRequestOptions | SignCallback, done?: SignCallback): void {
    if (typeof options === "function") this.#agent.sign(key as ParsedKey, data, options);
    else this.#agent.sign(key as ParsedKey, data, options, done);
  }
}

function publicBytes(key: unknown): Buffer {
  const parsed = typeof key === "object" && key !== null && "getPublicSSH" in key ? (key as ParsedKey) : undefined;
  if (parsed) return parsed.getPublicSSH();
  const read = ssh2.utils.parseKey(key as Buffer | string);
  return read instanceof Error ? Buffer.alloc(0) : read.getPublicSSH();
}
