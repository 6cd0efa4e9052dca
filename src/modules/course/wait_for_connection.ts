import { z } from "zod";
import { defineModule } from "../../kernel/module.ts";

const seconds = (most: number) => z.number().min(0).max(most);

/** Waits for a host that is not there yet. */
export const waitForConnection = defineModule({
  name: "wait_for_connection",
  kind: "action",
  summary: "Wait until the host lets the user of this run in.",
  notes: [
    "A new connection, a new login and a new become each time, whatever is open. Host keys are checked as always.",
    "As the first task of a play it needs `gather_facts: false`: facts are gathered before the first task.",
    "It never counts as changed. In check mode it does not wait.",
  ],
  args: z.strictObject({
    timeout: seconds(7200).default(600).describe("Seconds to wait."),
    delay: seconds(3600).default(0).describe("Seconds to wait before the first try."),
    sleep: seconds(600).min(1).default(1).describe("Seconds between two tries; more when the host refuses, as it counts."),
    connect_timeout: seconds(600).min(1).default(5).describe("Seconds that one try may take."),
  }),
  result: z.object({ elapsed: z.number().describe("Seconds that it waited.") }),
  examples: [
    { title: "Until it is there", yaml: "wait_for_connection: {}" },
    { title: "Behind what takes the network down for a while", yaml: "wait_for_connection: { delay: 10, timeout: 120 }" },
  ],
  facts: () => ({}),
  plan: (a) => [
    {
      subject: "wait",
      fields: [{ name: "for", before: undefined, after: "a connection", action: true }],
      steps: [{ do: "return", within: a.timeout, delay: a.delay, sleep: a.sleep, connect: a.connect_timeout }],
      predicts: [],
      opaque: false,
    },
  ],
  changed: () => false,
  resultOf: (_a, { ran }) => ({ elapsed: Math.round(ran.reduce((sum, r) => sum + r.seconds, 0)) }),
});
