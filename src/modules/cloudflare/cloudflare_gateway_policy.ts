import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import { canonicalExpression } from "../../facts/cloudflare/expression.ts";
import { type GatewayPolicy, noGatewayPolicy, cloudflareGatewayPolicy as policyFact } from "../../facts/cloudflare/gateway.ts";
import { accountPath, pathOf } from "../../facts/cloudflare/place.ts";
import { change } from "../../kernel/change.ts";
import { differences } from "../../kernel/difference.ts";
import { defineModule } from "../../kernel/module.ts";
import { zoneField } from "./zoneField.ts";

/** One policy of the gateway. */
export const cloudflareGatewayPolicy = defineModule({
  name: "cloudflare_gateway_policy",
  kind: "state",
  summary: "Keep a policy of the Secure Web Gateway.",
  notes: [
    "It acts on what leaves enrolled devices, not on visitors of your sites.",
    "Without `precedence` the policy stays where it is, and a new one comes last.",
  ],
  args: z
    .strictObject({
      zone: zoneField,
      name: z.string().min(1).describe("Name of the policy. It is looked for by that name."),
      filter: z.enum(["dns", "http", "l4"]).default("dns").describe("On names that are asked for, on web requests, or on connections."),
      action: z
        .enum(["allow", "block", "off", "on", "scan", "noscan", "isolate"])
        .default("block")
        .describe("What is done. `off` does not inspect, `noscan` does not look for malware."),
      traffic: z.string().min(1).optional().describe("For which traffic, in the gateway's rule language."),
      description: z.string().default("").describe("Shown in the dashboard."),
      precedence: z.int().min(0).optional().describe("Lower comes first; no two policies have the same."),
      enabled: z.boolean().default(true).describe("Whether it acts."),
      state: z.enum(["present", "absent"]).default("present").describe("Whether the policy shall exist."),
    })
    .refine((a) => a.state === "absent" || a.traffic !== undefined, { error: "say which traffic it is for", path: ["traffic"] }),
  result: z.object({ present: z.boolean().describe("Whether the policy exists.") }),
  examples: [
    {
      title: "No names that spread malware",
      yaml: "cloudflare_gateway_policy: { zone: example.org, name: malware, traffic: 'any(dns.security_category[*] in {80 83 117 131 153 175 176 178})' }",
    },
  ],
  facts: (a) => ({ policy: policyFact({ zone: a.zone, name: a.name }) }),
  plan(a, facts) {
    const now = facts.policy.value;
    const list = `${accountPath(a.zone)}/gateway/rules`;
    const one = pathOf(list, { name: a.name });
    const subject = `gateway policy ${a.name}`;
    if (a.state === "absent") {
      if (!now.present) return [];
      const step = { do: "call", method: "DELETE", path: one } as const;
      return [
        {
          ...change(facts.policy, noGatewayPolicy, { do: [step], subject }),
          fields: [{ name: "state", before: "present", after: undefined }],
        },
      ];
    }
    const precedence = a.precedence ?? now.precedence;
    const wanted: GatewayPolicy = {
      present: true,
      action: a.action,
      filters: [a.filter],
      traffic: canonicalExpression(a.traffic ?? ""),
      enabled: a.enabled,
      precedence,
      description: a.description,
    };
    if (isDeepStrictEqual(now, wanted)) return [];
    const { present: _, traffic: __, ...sent } = wanted;
    const body = { name: a.name, ...sent, traffic: a.traffic, ...(precedence === null ? { precedence: undefined } : {}) };
    const step = now.present
      ? ({ do: "call", method: "PUT", path: one, body } as const)
      : ({ do: "call", method: "POST", path: list, body } as const);
    const fields = differences("", now.present ? now : {}, wanted).map((f) => ({ ...f, name: f.name.replace(/^\./, "") }));
    // Where it comes to stand is the API's choice then.
    const opaque = precedence === null;
    return [{ ...change(facts.policy, wanted, { do: [step], subject, opaque }), fields }];
  },
  resultOf: (_a, { after }) => ({ present: !after.policy.missing && after.policy.value.present }),
});
