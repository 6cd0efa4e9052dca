import { z } from "zod";
import { Secret } from "../../kernel/value.ts";
import { filePath } from "./file-path.ts";

const target = filePath.refine((p) => !/[*?[]/.test(p), "a pattern is not looked up here: give one path, or ask with unless");

/** How a task tells whether its command is needed, and what else command and shell have in common. */
export const commandFields = {
  chdir: filePath.optional().describe("Folder to run it in."),
  creates: target.optional().describe("Needed only while nothing is at this path; afterwards something must be there."),
  removes: target.optional().describe("Needed only while something is at this path; afterwards nothing may be there."),
  unless: z.string().min(1).optional().describe("Needed only while this shell text ends with another code than 0; asked again afterwards."),
  only_if: z.string().min(1).optional().describe("Needed only while this shell text ends with 0; asked again afterwards."),
  reads: z.boolean().optional().describe("true: it changes nothing and is run as a question, in check mode too."),
  looks_at: z
    .array(filePath)
    .optional()
    .describe(
      "The only files and folders that the answer of unless, only_if or reads hangs on; [] for none. Check mode then has no doubt of it because other files would change.",
    ),
  always: z
    .string()
    .min(1, "say why it must run every time")
    .optional()
    .describe("Why it must run every time; the task is then always changed."),
  stdin: z
    .union([z.string(), z.instanceof(Secret)])
    .optional()
    .describe("Text for its standard input."),
  stdin_add_newline: z.boolean().optional().describe("Add a newline to stdin. Default true."),
};

/** The arguments of which a task needs one, unless it has the keyword changed_when. */
export const contractArguments = ["creates", "removes", "unless", "only_if", "reads", "always"] as const;

export const commandResult = z.object({
  rc: z.number().describe("Exit code; 0 when it was not needed."),
  stdout: z.string().describe("Standard output without the line breaks at its end."),
  stderr: z.string().describe("Standard error without the line breaks at its end."),
  stdout_lines: z.array(z.string()).describe("stdout cut at line breaks."),
  stderr_lines: z.array(z.string()).describe("stderr cut at line breaks."),
  cut: z.boolean().describe("More was printed than 1 MiB. Only head and tail were kept, and a task that uses the output fails."),
  cmd: z.any().describe("What was run: the text, or the list of words."),
});

export interface CommandArguments {
  readonly chdir?: string | undefined;
  readonly creates?: string | undefined;
  readonly removes?: string | undefined;
  readonly unless?: string | undefined;
  readonly only_if?: string | undefined;
  readonly reads?: boolean | undefined;
  readonly looks_at?: readonly string[] | undefined;
  readonly always?: string | undefined;
  readonly stdin?: string | Secret | undefined;
  readonly stdin_add_newline?: boolean | undefined;
}

/** `reads` is alone, and what it is given must not be secret; looks_at goes with a question. Undefined when all is well. */
export function readsProblem(a: CommandArguments): string | undefined {
  if (a.looks_at !== undefined && a.reads !== true && a.unless === undefined && a.only_if === undefined)
    return "looks_at says what a question hangs on: it goes with unless, only_if or reads";
  if (a.reads !== true) return undefined;
  if (contractArguments.some((name) => name !== "reads" && a[name] !== undefined))
    return "reads: true is a question: it goes with none of creates, removes, unless, only_if, always";
  return a.stdin instanceof Secret ? "a question takes no secret on stdin: run it with always, unless or only_if" : undefined;
}

/** stdin as it will be sent. */
export function stdinOf(a: CommandArguments): string | Secret | undefined {
  if (a.stdin === undefined) return undefined;
  const text = a.stdin instanceof Secret ? a.stdin.reveal() : a.stdin;
  const sent = a.stdin_add_newline === false || text.endsWith("\n") ? text : `${text}\n`;
  return a.stdin instanceof Secret ? new Secret(sent) : sent;
}
