import { z } from "zod";
import { jellyfinLogin as loginFact } from "../../facts/jellyfin/login.ts";
import { jellyfinKey } from "../../facts/jellyfin/requests.ts";
import { defineModule } from "../../kernel/module.ts";
import { Secret } from "../../kernel/value.ts";
import { urlField } from "./place.ts";

/** Whom a Jellyfin server lets in, and from where. */
export const jellyfinLogin = defineModule({
  name: "jellyfin_login",
  kind: "question",
  summary: "Ask whether a Jellyfin server lets a user in from an address.",
  notes: [
    "It logs in and, where that went well, out again. A wrong password counts towards the lock-out of the user, as anybody's does: see `wrong_logins` of jellyfin_user.",
    "The address is told as a proxy tells it (X-Forwarded-For): the server believes it only from its KnownProxies.",
  ],
  args: z.strictObject({
    url: urlField,
    name: z.string().min(1).describe("Name of the user."),
    password: z.union([z.string().min(1), z.instanceof(Secret)]).describe("The user's password."),
    from: z
      .array(z.string().regex(/^[0-9A-Fa-f:.]+$/, "an address is wanted"))
      .min(1)
      .describe("Addresses of visitors: `[203.0.113.77, 127.0.0.1]`."),
  }),
  result: z.object({
    status: z
      .record(z.string(), z.number())
      .describe(
        "By address: 200 lets in, 401 does not take the password, 403 does not let this user in from there, 503 nobody; 0 when no healthy server answers.",
      ),
  }),
  secretArgs: ["password"],
  examples: [
    {
      title: "From outside and from the host itself",
      yaml: "jellyfin_login: { name: ada, password: a long word, from: [203.0.113.77, 127.0.0.1] }",
    },
  ],
  facts: (a) => ({ logins: a.from.map((from) => loginFact({ ...jellyfinKey(a.url, a.name, a.password), from })) }),
  // Looked at, so that a target without curl fails the task.
  plan: (_a, facts) => (facts.logins.some((l) => l.value) ? [] : []),
  resultOf: (a, { after }) => ({ status: Object.fromEntries(a.from.map((from, i) => [from, after.logins[i]?.value.status ?? 0])) }),
});
