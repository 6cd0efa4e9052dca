import { z } from "zod";
import { ask, bodyOption, type JellyfinKey, login, refused } from "../../facts/jellyfin/requests.ts";
import { jellyfinServer as serverFact } from "../../facts/jellyfin/server.ts";
import { defineModule, refusal } from "../../kernel/module.ts";
import { joinShell, sh } from "../../kernel/sh.ts";
import { Secret } from "../../kernel/value.ts";
import { notReady, placeFields, placeNotes, placeOf } from "./place.ts";

/** Seconds: posters and trickplay pictures of a large library are many gigabytes. */
const patience = 3600;

/** What a Jellyfin server saves of itself. */
export const jellyfinBackup = defineModule({
  name: "jellyfin_backup",
  kind: "action",
  summary: "Have a Jellyfin server save itself to an archive.",
  notes: [
    ...placeNotes,
    "Jellyfin has this from 10.11 on, and refuses it with less than 5 GB of free space. The archive lies in `data/backups` of its config folder.",
    "It counts when the server lists the archive afterwards.",
  ],
  args: z.strictObject({
    ...placeFields,
    metadata: z.boolean().default(true).describe("Posters and descriptions too. The database is always in it."),
    subtitles: z.boolean().default(true).describe("Subtitles too."),
    trickplay: z.boolean().default(false).describe("The pictures of the seek bar too. They can be made again."),
  }),
  result: z.object({
    path: z.string().describe("The archive, as the server sees it: in a container, the path in there. Empty in check mode."),
  }),
  secretArgs: ["admin_password"],
  examples: [{ title: "Before an upgrade", yaml: "jellyfin_backup: { admin: ada, admin_password: a long word }" }],
  facts: (a) => ({ server: serverFact(placeOf(a)) }),
  plan(a, facts) {
    const server = facts.server.value;
    const why = notReady(a, server);
    if (why) return why;
    if (server.record !== null && !canSave(server.version))
      return refusal(`Jellyfin ${server.version} cannot save itself, which came with 10.11: stop it and copy its config folder`);
    const body = { Database: true, Metadata: a.metadata, Subtitles: a.subtitles, Trickplay: a.trickplay };
    return [
      {
        subject: `server ${a.url}`,
        fields: [{ name: "backup", before: undefined, after: "made", action: true }],
        steps: [{ do: "script", text: backupScript(placeOf(a), body), timeout: patience }],
        predicts: [],
        opaque: true,
      },
    ];
  },
  proof: (_a, { ran }) => (ran.length > 0 && pathIn(ran) === "" ? "the server did not say where its backup is" : undefined),
  resultOf: (_a, { ran }) => ({ path: pathIn(ran) }),
});

function canSave(version: string): boolean {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  return major > 10 || (major === 10 && minor >= 11);
}

function pathIn(ran: readonly { readonly stdout: string }[]): string {
  return ran.at(-1)?.stdout.trim() ?? "";
}

/** Prints the path of the archive once the server lists it. */
function backupScript(key: JellyfinKey, body: unknown): Secret {
  const text = joinShell([
    ask,
    login(key),
    refused("the login"),
    sh`_most=${patience}
_jf POST ${`${key.url}/Backup/Create`} ${bodyOption(body)}`,
    refused("POST /Backup/Create"),
    sh`_p=$(printf '%s' "$_r" | sed -n 's/.*"Path":"\([^"]*\)".*/\1/p')
_jf GET ${`${key.url}/Backup`} ''`,
    refused("GET /Backup"),
    sh`case $_r in *'"Path":"'"$_p"'"'*) printf '%s\n' "$_p" ;; *) echo "the server does not list the backup $_p that it made" >&2; exit 1 ;; esac`,
  ]);
  return new Secret(text.text, true);
}
