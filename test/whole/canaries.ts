import { randomBytes } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";

/** A secret of random words with letters that every encoding writes in another way. */
export function canary(name: string): string {
  return `${name}-${randomBytes(9).toString("hex")} "&/+$é'${randomBytes(9).toString("hex")}`;
}

/** A secret of several lines, like a private key. */
export function canaryOfLines(): string {
  return Array.from({ length: 4 }, () => randomBytes(24).toString("base64url")).join("\n");
}

/**
 * What betrays a secret, each long enough to be no accident: the random part itself, in hex, and the middle of its base64
 * at the three alignments. A secret of several lines is betrayed by any one line.
 */
export function tracesOf(secret: string): string[] {
  const words = [...secret.matchAll(/[A-Za-z0-9_-]{16,}/g)].map(([word]) => word);
  return words.flatMap((word) => {
    const bytes = Buffer.from(word);
    const base64 = [0, 1, 2].map((shift) =>
      Buffer.concat([Buffer.alloc(shift), bytes])
        .toString("base64")
        .slice(4, -4),
    );
    return [word, bytes.toString("hex"), ...base64];
  });
}

/** The traces that stand in a text, also where it was broken into lines. */
export function foundIn(text: string, traces: readonly string[]): string[] {
  const joined = text.replace(/\\[rn]|\s+/g, "");
  return traces.filter((t) => text.includes(t) || joined.includes(t));
}

/** Looks at every process of this machine, those in containers too, until it is stopped; tells what held a trace. */
export function watchProcesses(traces: readonly string[]): { stop(): { readonly looks: number; readonly found: readonly string[] } } {
  const found = new Set<string>();
  let looks = 0;
  const timer = setInterval(() => {
    looks++;
    for (const pid of readdirSync("/proc")) {
      if (!/^\d+$/.test(pid)) continue;
      for (const what of ["cmdline", "environ"]) {
        const text = read(`/proc/${pid}/${what}`);
        if (traces.some((t) => text.includes(t)))
          found.add(`${what} of ${read(`/proc/${pid}/comm`).trim()}: ${text.replaceAll("\0", " ").slice(0, 300)}`);
      }
    }
  }, 20);
  return {
    stop() {
      clearInterval(timer);
      return { looks, found: [...found] };
    },
  };
}

function read(file: string): string {
  try {
    return readFileSync(file, "latin1");
  } catch {
    return "";
  }
}
