import { z } from "zod";
import { jellyfinServer as serverFact } from "../../facts/jellyfin/server.ts";
import { defineModule } from "../../kernel/module.ts";
import { notReady, placeFields, placeNotes, placeOf, serverChange } from "./place.ts";

/** The first start of a Jellyfin server. */
export const jellyfinServer = defineModule({
  name: "jellyfin_server",
  kind: "state",
  summary: "Set a Jellyfin server up: the questions of its first start, answered by its API.",
  notes: [
    ...placeNotes,
    "A server that is set up already is only logged in to. When that fails the task fails and says why; a server is never reset.",
  ],
  args: z.strictObject({
    ...placeFields,
    name: z.string().min(1).describe("Name of the server, for a new one."),
    culture: z.string().default("en-US").describe("Language of its pages, for a new one: `fr`, `en-US`."),
    country: z.string().length(2).default("US").describe("Country for metadata, for a new one: `FR`."),
    language: z.string().length(2).default("en").describe("Language for metadata, for a new one: `fr`."),
    remote_access: z.boolean().default(true).describe("Whether visitors from outside the local networks are answered, for a new one."),
  }),
  result: z.object({ version: z.string().describe("Its version; empty while it is not known.") }),
  secretArgs: ["admin_password"],
  examples: [
    {
      title: "A new server gets its administrator",
      yaml: "jellyfin_server: { admin: ada, admin_password: a long word, name: home, culture: fr, country: FR, language: fr }",
    },
  ],
  facts: (a) => ({ server: serverFact(placeOf(a)) }),
  plan(a, facts) {
    const now = facts.server.value;
    if (now.phase !== "setup") return notReady(a, now) ?? [];
    const words = { ServerName: a.name, UICulture: a.culture, MetadataCountryCode: a.country, PreferredMetadataLanguage: a.language };
    const calls = [
      // Makes the first user; without it the one that names him is refused.
      { method: "GET", path: "/Startup/User" },
      { method: "POST", path: "/Startup/Configuration", body: words },
      { method: "POST", path: "/Startup/User", body: { Name: a.admin, Password: a.admin_password } },
      {
        method: "POST",
        path: "/Startup/RemoteAccess",
        body: { EnableRemoteAccess: a.remote_access, EnableAutomaticPortMapping: false },
      },
      { method: "POST", path: "/Startup/Complete" },
    ] as const;
    const fields = [
      { name: "state", before: "not set up", after: "set up" },
      { name: "administrator", before: undefined, after: a.admin },
      { name: "name", before: undefined, after: a.name },
    ];
    const users = [{ id: "", name: a.admin, policy: { IsAdministrator: true } }];
    const after = { phase: "ready", why: "", users, network: { EnableRemoteAccess: a.remote_access } } as const;
    return [serverChange(a, facts.server, `server ${a.url}`, fields, calls, after, "nobody")];
  },
  resultOf: (_a, { after }) => ({ version: after.server.missing ? "" : after.server.value.version }),
});
