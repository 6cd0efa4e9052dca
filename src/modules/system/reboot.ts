import { z } from "zod";
import { boot } from "../../facts/boot.ts";
import { absent, path } from "../../facts/path.ts";
import { defineModule } from "../../kernel/module.ts";
import { exec } from "../../kernel/step.ts";

/** Debian's packages leave it when only a reboot brings what they installed. */
const required = "/run/reboot-required";

const seconds = (most: number) => z.number().min(0).max(most);

/** What takes the machine down, on systemd and elsewhere; $1 seconds to wait, $2 what is told to who is logged in. */
const restart = `sleep "$1" || exit
if command -v shutdown >/dev/null 2>&1; then exec shutdown -r now "$2"; fi
if [ -d /run/systemd/system ]; then exec systemctl reboot; fi
command -v reboot >/dev/null 2>&1 || { echo "neither shutdown nor reboot is on this host" >&2; exit 1; }
(sleep 1; exec reboot) </dev/null >/dev/null 2>&1 &`;

/** A reboot that is waited for. */
export const reboot = defineModule({
  name: "reboot",
  kind: "action",
  summary: "Reboot the host and wait until it is back.",
  notes: [
    "It is proved by a new boot id of the kernel, over a new connection, a new login and a new become. Host keys are checked as always.",
    "Everything that was known of the host is asked anew. `facts` that were gathered at the start of the play stay as they were.",
    "A host that is not back in time is unreachable, and out of the run; one that answers and did not reboot fails the task.",
    "It has no place in a guarded block.",
  ],
  args: z.strictObject({
    reboot_timeout: seconds(7200).default(600).describe("Seconds to wait until the host is back."),
    msg: z
      .string()
      .regex(/^[^\0\n\r]+$/, "the message is one line of text")
      .default("Reboot by Rempart")
      .describe("What is told to who is logged in."),
    pre_reboot_delay: seconds(3600).default(0).describe("Seconds to wait before the reboot."),
    post_reboot_delay: seconds(3600).default(0).describe("Seconds to wait when the host is back."),
    connect_timeout: seconds(600).min(1).default(10).describe("Seconds that one try to connect may take."),
    test_command: z.string().min(1).optional().describe("A line for the host's shell that must end with 0 before the host counts as back."),
    only_if_required: z.boolean().default(false).describe(`Only when ${required} is there, as packages of Debian leave it.`),
  }),
  result: z.object({
    rebooted: z.boolean().describe("Whether it was rebooted."),
    elapsed: z.number().describe("Seconds that it took."),
  }),
  examples: [
    { title: "Now", yaml: "reboot: {}" },
    { title: "When a package asks for it", yaml: "reboot: { only_if_required: true, test_command: systemctl is-active docker }" },
  ],
  facts: (a) => ({ boot: boot({}), required: a.only_if_required ? [path({ path: required })] : [] }),
  plan(a, facts) {
    const asked = facts.required[0];
    if (asked?.value.type === "absent") return [];
    const why = asked ? `${required} is there` : "asked for";
    const wait = { within: a.reboot_timeout, delay: 2, sleep: 2, connect: a.connect_timeout };
    return [
      {
        subject: "host",
        fields: [{ name: "reboot", before: undefined, after: why, action: true }],
        steps: [
          { ...exec("sh", "-c", restart, "sh", String(a.pre_reboot_delay), a.msg), timeout: a.pre_reboot_delay + 60 },
          {
            do: "return",
            ...wait,
            ...(a.test_command !== undefined && { test: a.test_command }),
            ...(a.post_reboot_delay > 0 && { after: a.post_reboot_delay }),
          },
        ],
        predicts: [
          { question: facts.boot.question, value: { ...facts.boot.value, id: null } },
          ...(asked ? [{ question: asked.question, value: absent }] : []),
        ],
        opaque: true,
      },
    ];
  },
  proof: (_a, { before, after }) =>
    after.boot.value.id === before.boot.value.id
      ? `the host did not reboot: its boot id is still ${before.boot.value.id ?? ""}`
      : undefined,
  resultOf: (_a, { ran }) => ({ rebooted: ran.length > 0, elapsed: Math.round(ran.reduce((sum, r) => sum + r.seconds, 0)) }),
});
