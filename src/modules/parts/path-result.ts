import { z } from "zod";
import type { PathValue } from "../../facts/path.ts";
import type { Answer } from "../../kernel/fact.ts";

/** What modules that manage a path register. */
export const pathResult = z.object({
  path: z.string().describe("The path on the target."),
  state: z.enum(["absent", "file", "directory", "link", "other"]).describe("What stands there."),
  mode: z.string().describe('Four octal digits as text, "0644"; empty when absent.'),
  owner: z.string().describe("Name, or number as text."),
  group: z.string().describe("Name, or number as text."),
  size: z.number().describe("Bytes of a file; 0 for everything else."),
});

export function pathResultOf(at: string, answer: Answer<PathValue>): z.input<typeof pathResult> {
  const { type, mode, owner, group, size } = answer.value;
  // Of something that is only predicted nothing but that it is there is known, so its result is unknown before this is called.
  return { path: at, state: type === "something" ? "other" : type, mode, owner, group, size };
}
