import { z } from "zod";
import type { JellyfinCall } from "../../facts/jellyfin/requests.ts";
import { type JellyfinMap, type JellyfinServer, jellyfinServer as serverFact } from "../../facts/jellyfin/server.ts";
import { differences } from "../../kernel/difference.ts";
import { defineModule, refusal } from "../../kernel/module.ts";
import { Secret } from "../../kernel/value.ts";
import { notReady, placeFields, placeNotes, placeOf, serverChange } from "./place.ts";

const args = z.strictObject({
  ...placeFields,
  name: z.string().min(1).describe("Name of the user; upper and lower case are the same."),
  password: z
    .union([z.string().min(1), z.instanceof(Secret)])
    .optional()
    .describe("Password of a user that is made. The one of a user who is there is left alone."),
  policy: z
    .record(z.string(), z.any())
    .default({})
    .describe("What the user may, by the server's names: `{ EnableContentDownloading: false }`. What is not named stays as it is."),
  libraries: z
    .array(z.string())
    .optional()
    .describe("The libraries that the user sees, by name, and no other; `*` alone stands for all. Default: as it is."),
  state: z.enum(["present", "absent"]).default("present").describe("Whether there shall be such a user."),
});

type Args = z.output<typeof args>;

/** A user of a Jellyfin server. */
export const jellyfinUser = defineModule({
  name: "jellyfin_user",
  kind: "state",
  summary: "Hold a user of a Jellyfin server and what the user may.",
  notes: [...placeNotes, "The server takes a policy only whole: it is read, changed and sent back, and read again to prove it."],
  args,
  result: z.object({
    id: z.string().describe("The user's id; empty while it is not known."),
    wrong_logins: z.number().describe("Logins with a wrong password since the last right one, which the server counts towards a lock-out."),
  }),
  secretArgs: ["admin_password", "password"],
  examples: [
    {
      title: "A guest who sees one library",
      yaml: "jellyfin_user: { admin: ada, admin_password: a long word, name: guest, password: another long word, libraries: [Films], policy: { EnableContentDownloading: false } }",
    },
    { title: "Gone", yaml: "jellyfin_user: { admin: ada, admin_password: a long word, name: bob, state: absent }" },
  ],
  facts: (a) => ({ server: serverFact(placeOf(a)) }),
  plan(a, facts) {
    const server = facts.server.value;
    const why = notReady(a, server);
    if (why) return why;
    const subject = `user ${a.name}`;
    const now = userOf(a, server);
    const others = server.users.filter((u) => u !== now);
    if (a.state === "absent") {
      if (!now) return [];
      if (now.name.toLowerCase() === a.admin.toLowerCase()) return refusal("that is the administrator who asks: name another to log in");
      const fields = [{ name: "state", before: "present", after: undefined }];
      return [serverChange(a, facts.server, subject, fields, [{ method: "DELETE", path: `/Users/${now.id}` }], { users: others })];
    }
    const missing = !seesAll(a.libraries) && a.libraries?.find((name) => !server.libraries.some((l) => l.name === name));
    if (typeof missing === "string")
      return refusal(`the server has no library "${missing}"; it has ${server.libraries.map((l) => l.name).join(", ") || "none"}`);
    const wanted = wantedPolicy(a, server);
    const admin = server.users.find((u) => u.name.toLowerCase() === a.admin.toLowerCase())?.policy ?? {};
    const unknown = Object.keys(admin).length > 1 && Object.keys(wanted).find((name) => !(name in admin));
    if (unknown) return refusal(`a policy of this server has no "${unknown}"; it has ${Object.keys(admin).sort().join(", ")}`);
    const before = now?.policy ?? {};
    const policy = { ...before, ...wanted };
    const fields = differences("", shown(before, wanted, server), shown(policy, wanted, server));
    if (now && fields.length === 0) return [];
    if (now) {
      const users = [...others, { ...now, policy }];
      return [
        serverChange(a, facts.server, subject, fields, [{ method: "POST", path: `/Users/${now.id}/Policy`, body: policy }], { users }),
      ];
    }
    if (a.password === undefined) return refusal(`there is no user ${a.name} yet: give a password`);
    const calls: JellyfinCall[] = [{ method: "POST", path: "/Users/New", body: { Name: a.name, Password: a.password } }];
    // What is not named gets the server's default for somebody new.
    const providers = { AuthenticationProviderId: admin.AuthenticationProviderId, PasswordResetProviderId: admin.PasswordResetProviderId };
    if (Object.keys(wanted).length > 0) calls.push({ method: "POST", path: "/Users/{id}/Policy", body: { ...providers, ...policy } });
    const users = [...others, { id: "", name: a.name, policy }];
    return [serverChange(a, facts.server, subject, [{ name: "state", before: undefined, after: "present" }, ...fields], calls, { users })];
  },
  resultOf(a, { after }) {
    const user = after.server.missing ? undefined : userOf(a, after.server.value);
    const wrong = user?.policy.InvalidLoginAttemptCount;
    return { id: user?.id ?? "", wrong_logins: typeof wrong === "number" ? wrong : 0 };
  },
});

function userOf(a: Args, server: JellyfinServer) {
  return server.users.find((u) => u.name.toLowerCase() === a.name.toLowerCase());
}

function wantedPolicy(a: Args, server: JellyfinServer): JellyfinMap {
  const { libraries } = a;
  if (libraries === undefined) return a.policy;
  if (seesAll(libraries)) return { ...a.policy, EnableAllFolders: true, EnabledFolders: [] };
  const ids = server.libraries.filter((l) => libraries.includes(l.name)).map(idOf);
  return { ...a.policy, EnableAllFolders: false, EnabledFolders: ids };
}

function seesAll(libraries: readonly string[] | undefined): boolean {
  return libraries?.length === 1 && libraries[0] === "*";
}

/** A library that is only planned has no id yet. */
function idOf(library: { readonly id: string; readonly name: string }): string {
  return library.id || library.name;
}

/** Only what was named, with names in the place of ids. */
function shown(policy: JellyfinMap, wanted: JellyfinMap, server: JellyfinServer): JellyfinMap {
  const named = (id: unknown): unknown => server.libraries.find((l) => idOf(l) === id)?.name ?? id;
  return Object.fromEntries(
    Object.keys(wanted).map((name) => {
      const value = policy[name];
      return [name, name === "EnabledFolders" && Array.isArray(value) ? value.map((id) => String(named(id))).sort() : value];
    }),
  );
}
