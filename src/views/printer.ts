import { scrub } from "../kernel/scrub.ts";
import type { Printer } from "./view.ts";

/** The one way out: every text that leaves the program is scrubbed of known secrets here. */
export function printer(out: NodeJS.WritableStream, err: NodeJS.WritableStream): Printer {
  return { out: (text) => void out.write(scrub(text)), err: (text) => void err.write(scrub(text)) };
}
