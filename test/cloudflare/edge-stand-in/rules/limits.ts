import type { ActiveRule } from "./phases.ts";

interface Count {
  began: number;
  requests: number;
  /** Milliseconds of the clock until which requests are turned away. */
  until: number;
}

/** Counts requests for rate limits. */
export class Limits {
  readonly #counts = new Map<string, Count>();
  readonly #clock: () => number;

  constructor(clock: () => number) {
    this.#clock = clock;
  }

  /** Counts one request of a visitor; the seconds that it has to wait, 0 when it passes. */
  count(rule: ActiveRule, ip: string): number {
    const { characteristics, period, requests_per_period: most, mitigation_timeout: timeout } = rule.stored.ratelimit;
    // A changed rule counts anew; there is one data centre only.
    const key = [rule.id, rule.stored.version, characteristics.includes("ip.src") ? ip : ""].join(" ");
    const now = this.#clock();
    const known = this.#counts.get(key);
    if (known && known.until > now) return Math.ceil((known.until - now) / 1000);
    const count = known && known.until === 0 && now - known.began < period * 1000 ? known : { began: now, requests: 0, until: 0 };
    this.#counts.set(key, count);
    count.requests += 1;
    if (count.requests <= most) return 0;
    count.until = now + timeout * 1000;
    return timeout;
  }
}
