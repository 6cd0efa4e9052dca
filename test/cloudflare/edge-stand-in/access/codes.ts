import { randomBytes, randomInt } from "node:crypto";
import type { Mail } from "../options.ts";

interface Attempt {
  readonly host: string;
  readonly email: string;
  readonly returnTo: string;
  /** undefined when no code was sent, which the visitor cannot tell. */
  readonly code: string | undefined;
  readonly until: number;
  wrong: number;
}

/** Where somebody who gave the right code goes on. */
export interface Entry {
  readonly host: string;
  readonly email: string;
  readonly returnTo: string;
}

const minutes = 10;
const tries = 5;

/** One-time codes, and the mailbox that they go to. */
export class Codes {
  readonly outbox: Mail[] = [];
  readonly #attempts = new Map<string, Attempt>();
  readonly #entries = new Map<string, Entry>();
  readonly #clock: () => number;

  constructor(clock: () => number) {
    this.#clock = clock;
  }

  /** Begins an attempt, with an e-mail where `sent`; what the page refers to it by. */
  begin(entry: Entry, sent: boolean): string {
    const code = sent ? String(randomInt(1_000_000)).padStart(6, "0") : undefined;
    const now = this.#clock();
    if (code !== undefined) this.outbox.push({ to: entry.email, code, host: entry.host, at: new Date(now).toISOString() });
    const nonce = randomBytes(16).toString("hex");
    this.#attempts.set(nonce, { ...entry, code, until: now + minutes * 60_000, wrong: 0 });
    return nonce;
  }

  /** The newest code for an address since a moment, in seconds since 1970. */
  newest(to: string, since: number): string | undefined {
    return this.outbox.findLast((mail) => mail.to === to.toLowerCase() && Date.parse(mail.at) >= since * 1000)?.code;
  }

  /** The attempt that this code ends, or undefined. A code is good once. */
  finish(nonce: string, code: string): Entry | undefined {
    const attempt = this.#attempts.get(nonce);
    if (!attempt || attempt.until < this.#clock() || attempt.wrong >= tries) return undefined;
    if (attempt.code === undefined || attempt.code !== code) {
      attempt.wrong += 1;
      return undefined;
    }
    this.#attempts.delete(nonce);
    return attempt;
  }

  /** A word by which the application's own host takes over the login. */
  hand(entry: Entry): string {
    const word = randomBytes(16).toString("hex");
    this.#entries.set(word, entry);
    return word;
  }

  take(word: string, host: string): Entry | undefined {
    const entry = this.#entries.get(word);
    this.#entries.delete(word);
    return entry?.host === host ? entry : undefined;
  }
}
