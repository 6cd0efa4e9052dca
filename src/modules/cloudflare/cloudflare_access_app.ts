import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import { type AccessApp, cloudflareApp, noApp } from "../../facts/cloudflare/access-app.ts";
import { minutesOf } from "../../facts/cloudflare/duration.ts";
import { accountPath, pathOf } from "../../facts/cloudflare/place.ts";
import { change } from "../../kernel/change.ts";
import { differences } from "../../kernel/difference.ts";
import { defineModule } from "../../kernel/module.ts";
import { durationField, hostField, isIn, zoneField } from "./zoneField.ts";

const args = z
  .strictObject({
    zone: zoneField,
    host: hostField.describe("The name that asks for a login. The application is looked for by it."),
    name: z.string().min(1).optional().describe("What people see."),
    policies: z.array(z.string().min(1)).optional().describe("Names of the policies, in the order in which they are tried."),
    identity_providers: z.array(z.string()).default(["onetimepin"]).describe("Types of the providers that may be chosen."),
    session_duration: durationField.optional().describe("How long a login lasts where the policy does not say it."),
    app_launcher_visible: z.boolean().default(false).describe("Show it on the team's start page."),
    open_paths: z
      .array(z.string().regex(/^\/[^\s]*$/, "a path begins with /"))
      .default([])
      .describe("Paths that ask for no login, for apps that cannot log in. Each is a hole: name as little as possible."),
    state: z.enum(["present", "absent"]).default("present").describe("Whether the application shall exist."),
  })
  .refine((a) => isIn(a.zone, a.host), { error: "the host is not in the zone", path: ["host"] })
  .refine((a) => a.state === "absent" || (a.policies?.length ?? 0) > 0, {
    error: "without a policy nobody is let in: name one",
    path: ["policies"],
  })
  .refine((a) => a.open_paths.every((p) => !/^\/\*{0,2}$/.test(p)), { error: "that would open the whole host", path: ["open_paths"] });

type Args = z.output<typeof args>;

/** A name that asks for a login. */
export const cloudflareAccessApp = defineModule({
  name: "cloudflare_access_app",
  kind: "state",
  summary: "Put a login in front of a name.",
  notes: [
    "Make it before the name is proxied, or there is a while without a login.",
    "The policies and identity providers must exist. With one provider people are led to it at once.",
  ],
  args,
  result: z.object({
    present: z.boolean().describe("Whether the application exists."),
    policies: z.array(z.string()).describe("Its policies."),
  }),
  examples: [
    {
      title: "Only the family",
      yaml: "cloudflare_access_app: { zone: example.org, host: media.example.org, name: Media, policies: [family], session_duration: 24h }",
    },
  ],
  facts: (a) => ({ app: cloudflareApp({ zone: a.zone, host: a.host }) }),
  plan(a, facts) {
    const now = facts.app.value;
    const list = `${accountPath(a.zone)}/access/apps`;
    const one = pathOf(list, { type: "self_hosted", domain: a.host });
    const subject = `Access application ${a.host}`;
    if (a.state === "absent") {
      if (!now.present) return [];
      const step = { do: "call", method: "DELETE", path: one } as const;
      return [{ ...change(facts.app, noApp, { do: [step], subject }), fields: [{ name: "state", before: "present", after: undefined }] }];
    }
    const wanted = wantedApp(a, now);
    if (isDeepStrictEqual(now, wanted)) return [];
    const body = bodyOf(a, wanted);
    const step = now.present
      ? ({ do: "call", method: "PUT", path: one, body } as const)
      : ({ do: "call", method: "POST", path: list, body } as const);
    const before = now.present ? now : { rest: {} };
    const fields = differences("", before, wanted).map((f) => ({ ...f, name: f.name.replace(/^\./, "") }));
    return [{ ...change(facts.app, wanted, { do: [step], subject }), fields }];
  },
  resultOf: (_a, { after }) => {
    const app = after.app.missing ? noApp : after.app.value;
    return { present: app.present, policies: [...app.policies] };
  },
});

function wantedApp(a: Args, now: AccessApp): AccessApp {
  const [first] = now.destinations;
  const open = [...a.open_paths].sort();
  return {
    present: true,
    name: a.name ?? now.name ?? a.host,
    policies: a.policies ?? [],
    providers: [...a.identity_providers].sort(),
    autoRedirect: a.identity_providers.length === 1,
    session: a.session_duration === undefined ? now.session : minutesOf(a.session_duration),
    httpOnly: true,
    sameSite: "lax",
    launcher: a.app_launcher_visible,
    destinations: [{ uri: first?.uri ?? a.host, open }, ...now.destinations.slice(1)],
    rest: now.rest,
  };
}

function bodyOf(a: Args, app: AccessApp): object {
  const access = `${accountPath(a.zone)}/access`;
  return {
    ...app.rest,
    type: "self_hosted",
    name: app.name,
    domain: a.host,
    destinations: app.destinations.map(({ uri, open }) => ({
      type: "public",
      uri,
      ...(open.length > 0 && { overrides: open.map((path) => ({ path_pattern: path, behavior: "public" })) }),
    })),
    policies: app.policies.map((name, i) => ({ id: { $id: pathOf(`${access}/policies`, { name }) }, precedence: i + 1 })),
    allowed_idps: app.providers.map((type) => ({ $id: pathOf(`${access}/identity_providers`, { type }) })),
    auto_redirect_to_identity: app.autoRedirect,
    http_only_cookie_attribute: app.httpOnly,
    same_site_cookie_attribute: app.sameSite,
    app_launcher_visible: app.launcher,
    ...(app.session !== null && { session_duration: `${app.session}m` }),
  };
}
