import { z } from "zod";
import { sysctl as sysctlFact, sysctlPath } from "../../facts/sysctl.ts";
import { type Change, change } from "../../kernel/change.ts";
import { defineModule } from "../../kernel/module.ts";
import { cleanPath, filePath } from "../parts/file-path.ts";
import { textFileQuestions, textOf, writeText } from "../parts/text-file.ts";
import { normal, parameterIn, setParameter } from "./sysctlFile.ts";

const args = z
  .strictObject({
    name: z
      .string()
      .regex(/^[A-Za-z0-9][A-Za-z0-9_:@*-]*([./][A-Za-z0-9_:@*-]+)+$/, "a parameter is written with dots: net.ipv4.ip_forward")
      .describe("Name of the parameter, with dots; with slashes when an interface name holds a dot."),
    value: z
      .union([z.string(), z.number()])
      .transform((value) => normal(String(value)))
      .refine((value) => /^[\x20-\x7e]+$/.test(value), "a value is one line of text and not empty")
      .optional()
      .describe("The value it shall have."),
    state: z
      .enum(["present", "absent"])
      .default("present")
      .describe("absent takes the line out of the file; the running value stays until the next boot."),
    sysctl_file: filePath.transform(cleanPath).default("/etc/sysctl.d/99-rempart.conf").describe("The file that holds the line."),
    reload: z.boolean().default(true).describe("Make the running value the same. With false only the file is written."),
    ignoreerrors: z.boolean().default(false).describe("A parameter that the running kernel does not know is written to the file only."),
  })
  .refine((a) => a.state === "absent" || a.value !== undefined, { error: "give the `value`", path: ["value"] });

/** A kernel parameter, in the file and in the running kernel. */
export const sysctl = defineModule({
  name: "sysctl",
  kind: "state",
  undoable: true,
  summary: "Set a kernel parameter, in a file for the next boot and in the running kernel.",
  notes: [
    "The running value is read from /proc/sys and compared too, so a value that something else changed is found.",
    "Ansible writes to /etc/sysctl.conf by default; Debian 13 no longer reads that file, so the default here is a file in /etc/sysctl.d.",
  ],
  args,
  result: z.object({
    name: z.string().describe("Name of the parameter."),
    value: z.string().nullable().describe("The running value; null when the kernel does not know the parameter."),
  }),
  keyValue: true,
  examples: [
    { title: "Log packets from impossible addresses", yaml: "sysctl: { name: net.ipv4.conf.all.log_martians, value: 1 }" },
    {
      title: "For the next boot only",
      yaml: "sysctl: { name: kernel.kexec_load_disabled, value: 1, reload: false, sysctl_file: /etc/sysctl.d/60-hardening.conf }",
    },
  ],
  facts: (a) => ({ running: sysctlFact(a.name), ...textFileQuestions(a.sysctl_file) }),
  plan(a, facts) {
    const text = textOf(facts.file);
    if ("refused" in text) return text;
    const wanted = a.state === "absent" ? null : (a.value ?? null);
    const after = setParameter(text.text, a.name, wanted);
    const line = { name: a.name, before: parameterIn(text.text, a.name), after: wanted ?? undefined };
    const changes: Change[] =
      after === text.text
        ? []
        : writeText(facts, after).map((c) => ({ ...c, fields: [...c.fields.filter((f) => f.name !== "content"), line] }));
    if (wanted === null || !a.reload) return changes;
    const { value } = facts.running.value;
    if (value === wanted || (value === null && a.ignoreerrors)) return changes;
    return [
      ...changes,
      {
        ...change(
          facts.running,
          { value: wanted },
          {
            do: [{ do: "exec", argv: ["tee", sysctlPath(a.name)], stdin: `${wanted}\n` }],
            subject: `sysctl ${a.name}`,
            ...(value !== null && {
              undo: { paths: [], run: [["sh", "-c", 'printf "%s\\n" "$1" >"$2"', "sh", value, sysctlPath(a.name)]] },
            }),
          },
        ),
        fields: [{ name: "running value", before: value, after: wanted }],
      },
    ];
  },
  resultOf: (a, { after }) => ({ name: a.name, value: after.running.missing ? null : after.running.value.value }),
});
