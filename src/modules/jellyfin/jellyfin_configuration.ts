import { z } from "zod";
import { jellyfinServer as serverFact } from "../../facts/jellyfin/server.ts";
import { differences } from "../../kernel/difference.ts";
import { defineModule, refusal } from "../../kernel/module.ts";
import { notReady, placeFields, placeNotes, placeOf, serverChange } from "./place.ts";

const paths = {
  system: "/System/Configuration",
  network: "/System/Configuration/network",
  encoding: "/System/Configuration/encoding",
} as const;

/** Settings of a Jellyfin server. */
export const jellyfinConfiguration = defineModule({
  name: "jellyfin_configuration",
  kind: "state",
  summary: "Hold settings of a Jellyfin server.",
  notes: [
    ...placeNotes,
    "The server takes a section only whole: it is read, changed and sent back. What is not named stays as it is.",
    "Some settings of the section network, KnownProxies among them, count only after a restart of the server.",
  ],
  args: z.strictObject({
    ...placeFields,
    section: z
      .enum(["system", "network", "encoding"])
      .default("system")
      .describe("Which settings: those of system.xml, network.xml or encoding.xml."),
    settings: z.record(z.string(), z.any()).describe("Values by the server's names: `{ QuickConnectAvailable: false, CorsHosts: [] }`."),
  }),
  result: z.object({ settings: z.record(z.string(), z.any()).describe("The named settings, as they are now.") }),
  secretArgs: ["admin_password"],
  examples: [
    {
      title: "No way in without a password",
      yaml: "jellyfin_configuration: { admin: ada, admin_password: a long word, settings: { QuickConnectAvailable: false, EnableLegacyAuthorization: false } }",
    },
    {
      title: "A graphics card",
      yaml: "jellyfin_configuration: { admin: ada, admin_password: a long word, section: encoding, settings: { HardwareAccelerationType: nvenc } }",
    },
  ],
  facts: (a) => ({ server: serverFact(placeOf(a)) }),
  plan(a, facts) {
    const server = facts.server.value;
    const why = notReady(a, server);
    if (why) return why;
    const now = server[a.section] ?? {};
    const unknown = server.record !== null && Object.keys(a.settings).find((name) => !(name in now));
    if (unknown)
      return refusal(`the section ${a.section} of this server has no "${unknown}"; it has ${Object.keys(now).sort().join(", ")}`);
    const fields = Object.entries(a.settings).flatMap(([name, value]) => differences(name, now[name], value));
    if (fields.length === 0) return [];
    const next = { ...now, ...a.settings };
    return [
      serverChange(a, facts.server, `settings ${a.section}`, fields, [{ method: "POST", path: paths[a.section], body: next }], {
        [a.section]: next,
      }),
    ];
  },
  resultOf(a, { after }) {
    const now = after.server.missing ? {} : (after.server.value[a.section] ?? {});
    return { settings: Object.fromEntries(Object.keys(a.settings).map((name) => [name, now[name] ?? null])) };
  },
});
