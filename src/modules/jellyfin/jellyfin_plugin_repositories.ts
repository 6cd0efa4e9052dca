import { z } from "zod";
import { type JellyfinMap, type JellyfinServer, jellyfinServer as serverFact } from "../../facts/jellyfin/server.ts";
import { defineModule } from "../../kernel/module.ts";
import { notReady, placeFields, placeNotes, placeOf, serverChange } from "./place.ts";

/** Where a Jellyfin server may get plugins from. */
export const jellyfinPluginRepositories = defineModule({
  name: "jellyfin_plugin_repositories",
  kind: "state",
  summary: "Remove the plugin repositories of a Jellyfin server that are not on the named hosts.",
  notes: [...placeNotes, "Only https counts. A repository on a named host stays as it is; none is added."],
  args: z.strictObject({
    ...placeFields,
    hosts: z
      .array(z.string().regex(/^[a-z0-9][a-z0-9.-]*$/, "a host is written example.org, in lower case"))
      .describe("Hosts, with everything below them: `jellyfin.org`. An empty list removes all repositories."),
  }),
  result: z.object({ repositories: z.array(z.string()).describe("The addresses that are left.") }),
  secretArgs: ["admin_password"],
  examples: [
    {
      title: "Only the project's own",
      yaml: "jellyfin_plugin_repositories: { admin: ada, admin_password: a long word, hosts: [jellyfin.org] }",
    },
  ],
  facts: (a) => ({ server: serverFact(placeOf(a)) }),
  plan(a, facts) {
    const server = facts.server.value;
    const why = notReady(a, server);
    if (why) return why;
    const now = repositoriesOf(server);
    const left = now.filter((r) => isOn(addressOf(r), a.hosts));
    if (left.length === now.length) return [];
    const fields = now.filter((r) => !left.includes(r)).map((r) => ({ name: addressOf(r), before: String(r.Name), after: undefined }));
    const system = { ...server.system, PluginRepositories: left };
    return [
      serverChange(a, facts.server, "plugin repositories", fields, [{ method: "POST", path: "/Repositories", body: left }], { system }),
    ];
  },
  resultOf: (_a, { after }) => ({ repositories: after.server.missing ? [] : repositoriesOf(after.server.value).map(addressOf) }),
});

function repositoriesOf(server: JellyfinServer): readonly JellyfinMap[] {
  const list = server.system?.PluginRepositories;
  return Array.isArray(list) ? (list as readonly JellyfinMap[]) : [];
}

function addressOf(repository: JellyfinMap): string {
  return String(repository.Url ?? "");
}

function isOn(address: string, hosts: readonly string[]): boolean {
  const url = URL.parse(address);
  return url?.protocol === "https:" && hosts.some((h) => url.hostname === h || url.hostname.endsWith(`.${h}`));
}
