import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import { cloudflareGateway as gatewayFact } from "../../facts/cloudflare/gateway.ts";
import { accountPath } from "../../facts/cloudflare/place.ts";
import { change } from "../../kernel/change.ts";
import { defineModule, refusal } from "../../kernel/module.ts";
import { zoneField } from "./zoneField.ts";

const args = z
  .strictObject({
    zone: zoneField,
    tls_decrypt: z.boolean().optional().describe("Open the encrypted traffic of enrolled devices. Needs `notice`."),
    notice: z
      .strictObject({
        date: z
          .string()
          .regex(/^\d{4}-\d{2}-\d{2}$/, "say the day on which the people concerned were told, such as 2026-11-01")
          .describe("Day on which the people concerned were told."),
        text: z.string().min(20, "say what the people concerned were told, in a sentence").describe("What they were told."),
      })
      .optional()
      .describe("That the people whose traffic is opened were told so, when and with which words."),
    antivirus: z
      .strictObject({
        download: z.boolean().describe("Look through what devices fetch."),
        upload: z.boolean().describe("Look through what devices send."),
        block_unscannable: z
          .boolean()
          .default(false)
          .describe("Block what cannot be looked through, such as every file above the plan's size."),
      })
      .optional()
      .describe("Look for malware. Needs `tls_decrypt`."),
    activity_log: z.boolean().optional().describe("Write a log of what devices do."),
    protocol_detection: z.boolean().optional().describe("Tell protocols apart by what is sent, whatever the port."),
  })
  .refine((a) => a.tls_decrypt !== true || a.notice !== undefined, {
    error: "opening encrypted traffic needs `notice` with date and text: tell the people concerned first",
    path: ["tls_decrypt"],
  })
  .refine((a) => !(a.antivirus?.download || a.antivirus?.upload) || a.tls_decrypt === true, {
    error: "antivirus sees nothing without `tls_decrypt`",
    path: ["antivirus"],
  });

/** The Secure Web Gateway of the account. */
export const cloudflareGateway = defineModule({
  name: "cloudflare_gateway",
  kind: "state",
  summary: "Set up what the Secure Web Gateway does with the traffic of enrolled devices.",
  notes: [
    "It sees what leaves devices that are enrolled (WARP). Visitors of your sites never pass it: nothing here looks through what they upload.",
    "Devices must trust the gateway's certificate before `tls_decrypt` is turned on, or every page breaks on them.",
    "Only what is given is compared and written.",
  ],
  args,
  result: z.object({ certificate: z.string().nullable().describe("`none`, `pending` or `available`.") }),
  examples: [
    { title: "A log and no more", yaml: "cloudflare_gateway: { zone: example.org, activity_log: true, tls_decrypt: false }" },
    {
      title: "Look for malware in what the household fetches",
      yaml: "cloudflare_gateway: { zone: example.org, tls_decrypt: true, notice: { date: 2026-11-01, text: The gateway opens the traffic of this device. }, antivirus: { download: true, upload: true } }",
    },
  ],
  facts: (a) => ({ gateway: gatewayFact({ zone: a.zone }) }),
  plan(a, facts) {
    const now = facts.gateway.value;
    if (!now.set_up)
      return refusal("the gateway is not set up in this account: open Zero Trust in Cloudflare's dashboard once, and run again");
    const wanted: Record<string, unknown> = {
      ...(a.tls_decrypt !== undefined && { tls_decrypt: over(now.settings.tls_decrypt, { enabled: a.tls_decrypt }) }),
      ...(a.antivirus && {
        antivirus: over(now.settings.antivirus, {
          enabled_download_phase: a.antivirus.download,
          enabled_upload_phase: a.antivirus.upload,
          fail_closed: a.antivirus.block_unscannable,
        }),
      }),
      ...(a.activity_log !== undefined && { activity_log: over(now.settings.activity_log, { enabled: a.activity_log }) }),
      ...(a.protocol_detection !== undefined && {
        protocol_detection: over(now.settings.protocol_detection, { enabled: a.protocol_detection }),
      }),
    };
    const differing = Object.fromEntries(Object.entries(wanted).filter(([name, value]) => !isDeepStrictEqual(now.settings[name], value)));
    if (Object.keys(differing).length === 0) return [];
    if (a.tls_decrypt && now.certificate !== "available")
      return refusal(
        `the gateway's certificate is ${now.certificate === "none" ? "not made" : "not ready"} yet: make and activate one in Zero Trust, install it on the devices, and run again`,
      );
    const step = {
      do: "call",
      method: "PATCH",
      path: `${accountPath(a.zone)}/gateway/configuration`,
      body: { settings: differing },
    } as const;
    return [change(facts.gateway, { settings: { ...now.settings, ...differing } }, { do: [step], subject: "gateway" })];
  },
  resultOf: (_a, { after }) => ({ certificate: after.gateway.missing ? null : after.gateway.value.certificate }),
});

function over(now: unknown, wanted: Readonly<Record<string, unknown>>): unknown {
  return { ...(typeof now === "object" && now !== null ? now : {}), ...wanted };
}
