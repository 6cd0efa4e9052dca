import { z } from "zod";
import { type AwaitedKey, awaited, condition } from "../../facts/awaited.ts";
import { defineModule } from "../../kernel/module.ts";
import { sh } from "../../kernel/sh.ts";
import type { ScriptStep } from "../../kernel/step.ts";
import { filePath } from "../parts/file-path.ts";

const args = z
  .strictObject({
    port: z.int().min(1).max(65535).optional().describe("TCP port that is tried."),
    host: z
      .string()
      .regex(/^[A-Za-z0-9_.:-]+$/, "a name or an address")
      .optional()
      .describe("Where the port is, seen from the target. Default 127.0.0.1."),
    path: filePath.optional().describe("Path that is waited for. Give either port or path."),
    search_regex: z
      .string()
      .min(1)
      .optional()
      .describe("With path: an extended regular expression, as for grep -E, that a line of the file must match."),
    state: z
      .enum(["started", "present", "stopped", "absent", "drained"])
      .optional()
      .describe("started and present (the default): it is there. stopped and absent: it is not. drained: nobody is connected to the port."),
    timeout: z.int().min(1).max(3600).optional().describe("Seconds to wait. Default 300."),
    delay: z.int().min(0).max(3600).optional().describe("Seconds to wait before the first look. Default 0."),
    sleep: z.int().min(1).max(60).optional().describe("Seconds between two looks. Default 1."),
    msg: z.string().optional().describe("What to say when the time is over."),
  })
  .refine((a) => (a.port === undefined) !== (a.path === undefined), { error: "give either port or path" })
  .refine((a) => a.search_regex === undefined || a.path !== undefined, { error: "search_regex goes with path" })
  .refine((a) => a.state !== "drained" || (a.port !== undefined && a.host === undefined), {
    error: "drained goes with a port of the target itself",
  });

type Arguments = z.output<typeof args>;

function keyOf(a: Arguments): AwaitedKey {
  const state = a.state === "drained" ? "drained" : a.state === "stopped" || a.state === "absent" ? "gone" : "there";
  return {
    state,
    ...(a.port !== undefined && { port: a.port, host: a.host ?? "127.0.0.1" }),
    ...(a.path !== undefined && { path: a.path }),
    ...(a.search_regex !== undefined && { line: a.search_regex }),
  };
}

function what(a: Arguments): string {
  const thing =
    a.path === undefined
      ? `port ${a.host ?? "127.0.0.1"}:${a.port}`
      : a.search_regex === undefined
        ? a.path
        : `"${a.search_regex}" in ${a.path}`;
  return `${thing} ${a.state ?? "started"}`;
}

function step(a: Arguments): ScriptStep {
  const timeout = a.timeout ?? 300;
  const text = sh`_ok() { ${condition(keyOf(a))}; }
sleep ${a.delay ?? 0}
_end=$(( $(date +%s) + ${timeout} ))
until _ok; do
  [ "$(date +%s)" -lt "$_end" ] || exit 1
  sleep ${a.sleep ?? 1}
done`;
  return { do: "script", text: text.text, okCodes: [0, 1, 3], timeout: timeout + (a.delay ?? 0) + 30 };
}

/** Waits for a port, a path or a line in a file. */
export const waitFor = defineModule({
  name: "wait_for",
  kind: "action",
  summary: "Wait until a port takes connections, a path is there or a file holds a line.",
  notes: [
    "It waits on the target: a listening socket is seen in /proc/net/tcp, else the port is tried with bash or nc; without any of them, only ports of the target itself can be told.",
    "It never counts as changed.",
    "In check mode it does not wait.",
  ],
  args,
  result: z.object({ elapsed: z.number().describe("Seconds that it waited.") }),
  examples: [
    { title: "A port", yaml: "wait_for: { port: 8096, timeout: 60 }" },
    { title: "A line in a log", yaml: "wait_for: { path: /var/log/app.log, search_regex: 'ready$' }" },
  ],
  facts: (a) => ({ it: awaited(keyOf(a)) }),
  plan(a, facts) {
    if (facts.it.value.holds && (a.delay ?? 0) === 0) return [];
    return [
      {
        subject: "wait",
        fields: [{ name: "for", before: undefined, after: what(a), action: true }],
        steps: [step(a)],
        predicts: [{ question: facts.it.question, value: { holds: true } }],
        opaque: true,
      },
    ];
  },
  proof: (a, { after }) =>
    after.it.value.holds ? undefined : `${a.msg === undefined ? "" : `${a.msg}: `}waited ${a.timeout ?? 300} s for ${what(a)}`,
  changed: () => false,
  resultOf: (_a, { ran }) => ({ elapsed: Math.round(ran.reduce((sum, r) => sum + r.seconds, 0)) }),
});
