import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import { canonicalSetting, placeOf, cloudflareSetting as settingFact } from "../../facts/cloudflare/setting.ts";
import { change } from "../../kernel/change.ts";
import { defineModule, refusal } from "../../kernel/module.ts";
import { zoneField } from "./zoneField.ts";

const scalar = z.union([z.string(), z.number(), z.boolean()]);
const value = z.union([scalar, z.record(z.string(), z.union([scalar, z.record(z.string(), scalar)]))]);

/** One switch of a zone. */
export const cloudflareSetting = defineModule({
  name: "cloudflare_setting",
  kind: "state",
  summary: "Set one setting of a zone.",
  notes: [
    "In a value that is a map only the keys that are given are compared; the others stay as they are.",
    "Beside the zone's settings there are `universal_ssl`, `leaked_credential_checks`, `origin_pulls` (true or false) and `dnssec` (`active`, `disabled`).",
  ],
  args: z.strictObject({
    zone: zoneField,
    name: z
      .string()
      .regex(/^[a-z0-9_]+$/, "a setting is named like min_tls_version")
      .describe("Name of the setting as the API calls it."),
    value: value.describe("The value it shall have. Settings that are switches take the texts `on` and `off`."),
    if_known: z.boolean().default(false).describe("Nothing is to be done where Cloudflare does not know the setting for this zone."),
  }),
  result: z.object({ value: z.unknown().describe("The value.") }),
  examples: [
    { title: "The certificate of the server is checked", yaml: "cloudflare_setting: { zone: example.org, name: ssl, value: strict }" },
    { title: "No TLS older than 1.2", yaml: 'cloudflare_setting: { zone: example.org, name: min_tls_version, value: "1.2" }' },
  ],
  facts: (a) => ({ setting: settingFact({ zone: a.zone, name: a.name }) }),
  plan(a, facts) {
    const now = facts.setting.value;
    if (!now.known && a.if_known) return [];
    if (!now.known) return refusal(`Cloudflare knows no setting ${a.name} for ${a.zone}`);
    const wanted = laidOver(now.value, canonicalSetting(a.name, a.value));
    if (isDeepStrictEqual(now.value, wanted)) return [];
    if (!now.editable)
      return refusal(
        `${a.name} of ${a.zone} is ${shown(now.value)} and cannot be changed on this plan: leave the task out, or change the plan`,
      );
    const { path, method, field } = placeOf(a.zone, a.name);
    return [
      change(
        facts.setting,
        { value: wanted },
        { do: [{ do: "call", method, path, body: { [field]: wanted } }], subject: `setting ${a.name} of ${a.zone}` },
      ),
    ];
  },
  resultOf: (_a, { after }) => ({ value: after.setting.missing ? null : after.setting.value.value }),
});

function laidOver(now: unknown, wanted: unknown): unknown {
  if (typeof wanted !== "object" || wanted === null || typeof now !== "object" || now === null) return wanted;
  const both = Object.entries(wanted).map(([name, value]) => [name, laidOver((now as Record<string, unknown>)[name], value)]);
  return { ...now, ...Object.fromEntries(both) };
}

function shown(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
