import { defineApiFact } from "../../kernel/apifact.ts";
import { NoAnswer } from "../../kernel/fact.ts";
import { canonicalExpression } from "./expression.ts";
import { accountPath, listAt, objectAt, type Raw, textIn } from "./place.ts";

/** The account's Secure Web Gateway. */
export interface Gateway {
  readonly set_up: boolean;
  /** Sub-objects as the API has them, without what it counts up. */
  readonly settings: Raw;
  /** Whether a certificate is there that devices can trust. */
  readonly certificate: "none" | "pending" | "available";
}

/** `cloudflareGateway({ zone })` */
export const cloudflareGateway = defineApiFact<{ readonly zone: string }, Gateway>({
  kind: "cloudflare_gateway",
  summary: "The settings of an account's Secure Web Gateway.",
  api: ["cloudflare"],
  object: ({ zone }) => zone,
  ask: (client, keys) =>
    Promise.all(
      keys.map(async ({ zone }): Promise<Gateway> => {
        const raw = await objectAt(client, `${accountPath(zone)}/gateway/configuration`);
        if (!raw) return { set_up: false, settings: {}, certificate: "none" };
        const states = (await listAt(client, `${accountPath(zone)}/gateway/certificates`)).map((c) => c.binding_status);
        const certificate = states.includes("available") ? "available" : states.includes("pending_deployment") ? "pending" : "none";
        const { tls_decrypt, antivirus, activity_log, protocol_detection } = (raw.settings ?? {}) as Raw;
        const settings = { tls_decrypt, antivirus, activity_log, protocol_detection };
        return {
          set_up: true,
          certificate,
          settings: Object.fromEntries(Object.entries(settings).filter(([, v]) => v !== undefined && v !== null)),
        };
      }),
    ),
});

/** One policy of the gateway. */
export interface GatewayPolicy {
  readonly present: boolean;
  readonly action: string | null;
  readonly filters: readonly string[];
  /** In the form for comparing. */
  readonly traffic: string;
  readonly enabled: boolean;
  readonly precedence: number | null;
  readonly description: string;
}

export const noGatewayPolicy: GatewayPolicy = {
  present: false,
  action: null,
  filters: [],
  traffic: "",
  enabled: false,
  precedence: null,
  description: "",
};

/** `cloudflareGatewayPolicy({ zone, name })` */
export const cloudflareGatewayPolicy = defineApiFact<{ readonly zone: string; readonly name: string }, GatewayPolicy>({
  kind: "cloudflare_gateway_policy",
  summary: "A policy of an account's Secure Web Gateway.",
  api: ["cloudflare"],
  object: ({ zone, name }) => `${zone} ${name}`,
  absent: ({ present }) => !present,
  ask: (client, keys) =>
    Promise.all(
      keys.map(async ({ zone, name }) => {
        const all = await listAt(client, `${accountPath(zone)}/gateway/rules`);
        const found = all.filter((r) => r.name === name && !r.deleted_at);
        if (found.length > 1)
          return new NoAnswer(
            `${found.length} gateway policies are named ${name} (${found.map((r) => r.id).join(", ")}): remove all but one`,
          );
        const [raw] = found;
        if (!raw) return noGatewayPolicy;
        return {
          present: true,
          action: textIn(raw, "action"),
          filters: (raw.filters ?? []) as readonly string[],
          traffic: canonicalExpression(textIn(raw, "traffic") ?? ""),
          enabled: raw.enabled === true,
          precedence: typeof raw.precedence === "number" ? raw.precedence : null,
          description: textIn(raw, "description") ?? "",
        };
      }),
    ),
});
