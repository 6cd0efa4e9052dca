import { AsyncLocalStorage } from "node:async_hooks";
import { createHash } from "node:crypto";

/** What a piece of work read on the controller: by it a plan file tells whether the same work would still come out. */
export interface Inputs {
  /** sha256 in hex, by absolute path. */
  readonly files: ReadonlyMap<string, string>;
  /** Texts that came from elsewhere, by where: `env HOME`. */
  readonly texts: ReadonlyMap<string, string>;
  /** The same for texts that are secret: `secret env TOKEN`, the plain text of an encrypted file. No output may hold one. */
  readonly secrets: ReadonlyMap<string, string>;
}

class Log implements Inputs {
  readonly files = new Map<string, string>();
  readonly texts = new Map<string, string>();
  readonly secrets = new Map<string, string>();
}

const log = new AsyncLocalStorage<Log>();

/** Does the work and notes what it reads, until its promise is settled. The notes grow while it goes on. */
export function notingInputs<T>(work: (inputs: Inputs) => Promise<T>): Promise<T> {
  const inputs = new Log();
  return log.run(inputs, () => work(inputs));
}

/** A file was read: its content, or the digest of one that is too large to be held. `path` is absolute. */
export function noteFile(path: string, content: string | Uint8Array | { readonly sha256: string }): void {
  const inputs = log.getStore();
  if (!inputs) return;
  const digest = typeof content === "object" && "sha256" in content ? content.sha256 : createHash("sha256").update(content).digest("hex");
  inputs.files.set(path, digest);
}

/** A text was taken from elsewhere than a file of the project. */
export function noteText(from: string, text: string, secret: boolean): void {
  const inputs = log.getStore();
  if (inputs) (secret ? inputs.secrets : inputs.texts).set(from, text);
}
