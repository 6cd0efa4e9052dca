import { scrub } from "../kernel/scrub.ts";
import type { Printer } from "./view.ts";

interface Writable {
  write(text: string): unknown;
}

/** The one way out: every text that leaves the program is scrubbed of known secrets here. */
export function printer(out: Writable, err: Writable): Printer {
  return { out: (text) => void out.write(scrub(text)), err: (text) => void err.write(scrub(text)) };
}
