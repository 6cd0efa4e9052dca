import { z } from "zod";
import { defineModule } from "../../kernel/module.ts";

/** Waits on the controller. */
export const pause = defineModule({
  name: "pause",
  kind: "action",
  summary: "Wait for a while, or until a person answers.",
  notes: [
    "All hosts that come to this task side by side wait together: a person is asked once.",
    "Without a time a person is asked, which needs a terminal; where there is none the task fails, unlike in Ansible, where it goes on unanswered.",
    "Ctrl-C ends it together with the run. In check mode nobody waits.",
    "What is typed can be read on the screen: a secret is asked for otherwise.",
  ],
  args: z
    .strictObject({
      seconds: z.number().min(0).max(86400).optional().describe("How long."),
      minutes: z.number().min(0).max(1440).optional().describe("How long, in minutes."),
      prompt: z
        .string()
        .min(1)
        .optional()
        .describe(
          "What to ask. Without a time: the answer is `user_input` of the result. With a time: nobody is asked, it is shown with the task.",
        ),
    })
    .refine((a) => a.seconds === undefined || a.minutes === undefined, "give seconds or minutes, not both"),
  result: z.object({
    user_input: z.string().describe("What was typed, without the newline."),
    delta: z.number().describe("Seconds that it took."),
  }),
  examples: [
    { title: "Half a minute", yaml: "pause: { seconds: 30 }" },
    { title: "Until a person has looked", yaml: "pause: { prompt: 'Is the film playing? Then press Enter' }" },
  ],
  controller: true,
  facts: () => ({}),
  plan(a) {
    const seconds = a.seconds ?? (a.minutes === undefined ? undefined : a.minutes * 60);
    return [
      {
        subject: "pause",
        fields: [{ name: "wait", before: undefined, after: seconds === undefined ? "for an answer" : `${seconds} s`, action: true }],
        steps: [{ do: "pause", ...(seconds !== undefined && { seconds }), ...(a.prompt !== undefined && { prompt: a.prompt }) }],
        predicts: [],
        opaque: false,
      },
    ];
  },
  says: (a) => (a.seconds === undefined && a.minutes === undefined ? undefined : a.prompt),
  changed: () => false,
  resultOf: (_a, { ran }) => ({ user_input: ran[0]?.stdout ?? "", delta: Math.round(ran.reduce((sum, r) => sum + r.seconds, 0)) }),
});
