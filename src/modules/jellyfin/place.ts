import { z } from "zod";
import { callScript, type JellyfinCall, type JellyfinKey, jellyfinKey } from "../../facts/jellyfin/requests.ts";
import type { JellyfinServer } from "../../facts/jellyfin/server.ts";
import { type Change, type ChangedField, change } from "../../kernel/change.ts";
import type { Answer } from "../../kernel/fact.ts";
import { type Refusal, refusal } from "../../kernel/module.ts";
import { Secret } from "../../kernel/value.ts";

export const urlField = z
  .string()
  .regex(/^https?:\/\/[^\s?#"\\]+$/, "an address begins with http:// or https:// and has no blanks")
  .default("http://127.0.0.1:8096")
  .describe("Address of the server as the target reaches it.");

/** The arguments that every module has that asks as the administrator. */
export const placeFields = {
  url: urlField,
  admin: z.string().min(1).describe("Name of an administrator."),
  admin_password: z.union([z.string().min(1), z.instanceof(Secret)]).describe("The administrator's password."),
};

export const placeNotes = [
  "The requests are sent by curl on the target; passwords go by its standard input. All tasks of a run for one server share the questions, so that a run that changes nothing logs in once.",
];

interface Place {
  readonly url: string;
  readonly admin: string;
  readonly admin_password: string | Secret;
}

export function placeOf(a: Place): JellyfinKey {
  return jellyfinKey(a.url, a.admin, a.admin_password);
}

/** Why nothing can be done with this server; undefined when it is ready. */
export function notReady(a: Place, server: JellyfinServer): Refusal | undefined {
  switch (server.phase) {
    case "absent":
      return refusal(`no server answers at ${a.url}: start it first, and wait until it is healthy`);
    case "starting":
      return refusal(`the server at ${a.url} is not ready (${server.why}): wait until its /health says Healthy`);
    case "setup":
      return refusal(`the server at ${a.url} is not set up: put a task with jellyfin_server in front`);
    case "denied":
      return refusal(
        `the server at ${a.url} is set up already and does not let ${a.admin} in as its administrator (${server.why.trim()}). Nothing was changed, and a server is never reset: give the name and password of an administrator that it has`,
      );
    case "ready":
      return undefined;
  }
}

/** These calls as the administrator, which lead to `patch`. */
export function serverChange(
  a: Place,
  answer: Answer<JellyfinServer>,
  subject: string,
  fields: readonly ChangedField[],
  calls: readonly JellyfinCall[],
  patch: Partial<JellyfinServer>,
  as: "administrator" | "nobody" = "administrator",
): Change {
  const step = { do: "script", text: callScript(placeOf(a), calls, as), timeout: 300 } as const;
  return { ...change(answer, { ...patch, record: null }, { do: [step], subject }), fields };
}
