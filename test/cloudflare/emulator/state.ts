import { randomUUID } from "node:crypto";
import type { Json } from "./reply.ts";

export type Plan = "free" | "pro";

/** A zone as the emulator keeps it. */
export interface Zone {
  readonly id: string;
  readonly name: string;
  readonly plan: Plan;
  status: "pending" | "active";
  readonly created: string;
  readonly records: Map<string, Json>;
  readonly settings: Map<string, Json>;
  /** Entry points by phase. */
  readonly rulesets: Map<string, Json>;
  bots: Json;
  universalSsl: boolean;
  leakedCredentials: boolean;
  dnssec: string;
  originPulls: boolean;
  readonly originPullCertificates: Map<string, Json>;
}

/** The account, with everything that is stored in it. */
export interface Account {
  readonly id: string;
  readonly name: string;
  readonly plan: Plan;
  readonly zones: Map<string, Zone>;
  readonly members: Json[];
  enforceTwoFactor: boolean;
  /** null until somebody has gone through the first steps of Zero Trust in the dashboard. */
  organization: Json | null;
  readonly identityProviders: Map<string, Json>;
  readonly groups: Map<string, Json>;
  readonly policies: Map<string, Json>;
  readonly apps: Map<string, Json>;
  gateway: boolean;
  gatewaySettings: Json;
  readonly gatewayCertificates: Map<string, Json>;
  readonly gatewayRules: Map<string, Json>;
  readonly originCertificates: Map<string, Json>;
  /** Signs requests for origin certificates; without it they get something that only looks like one. */
  signs?: (csr: string, hostnames: readonly string[], days: number) => string;
}

export function hexId(): string {
  return randomUUID().replaceAll("-", "");
}

/** A moment as the API writes it; never twice the same, so that whoever compares it is found out. */
export function now(): string {
  clock += 1000;
  return new Date(clock).toISOString();
}
let clock = Date.UTC(2026, 10, 1);

export function newAccount(plan: Plan): Account {
  return {
    id: hexId(),
    name: "Owner's account",
    plan,
    zones: new Map(),
    members: [member("owner@example.org", true)],
    enforceTwoFactor: false,
    organization: {
      name: "home",
      auth_domain: "home.cloudflareaccess.com",
      session_duration: "24h",
      is_ui_read_only: false,
      created_at: now(),
      updated_at: now(),
    },
    identityProviders: new Map(),
    groups: new Map(),
    policies: new Map(),
    apps: new Map(),
    gateway: true,
    gatewaySettings: {
      tls_decrypt: { enabled: false },
      activity_log: { enabled: true },
      block_page: { enabled: false, read_only: false, version: 1 },
    },
    gatewayCertificates: new Map(),
    gatewayRules: new Map(),
    originCertificates: new Map(),
  };
}

export function member(email: string, twoFactor: boolean): Json {
  const user = { id: hexId(), email, two_factor_authentication_enabled: twoFactor };
  return { id: hexId(), email, status: "accepted", roles: [], user };
}

export function newZone(name: string, plan: Plan, status: "pending" | "active"): Zone {
  return {
    id: hexId(),
    name,
    plan,
    status,
    created: now(),
    records: new Map(),
    settings: new Map(Object.entries(defaultSettings).map(([id, value]) => [id, { id, value, editable: true, modified_on: null }])),
    rulesets: new Map(),
    bots: {
      fight_mode: false,
      enable_js: false,
      using_latest_model: true,
      ai_bots_protection: "block",
      crawler_protection: "enabled",
      is_robots_txt_managed: false,
    },
    universalSsl: true,
    leakedCredentials: false,
    dnssec: "disabled",
    originPulls: false,
    originPullCertificates: new Map(),
  };
}

const defaultSettings = {
  ssl: "full",
  ssl_automatic_mode: "auto",
  min_tls_version: "1.0",
  tls_1_3: "on",
  always_use_https: "off",
  automatic_https_rewrites: "on",
  opportunistic_encryption: "on",
  tls_client_auth: "off",
  security_level: "medium",
  browser_check: "on",
  email_obfuscation: "on",
  rocket_loader: "off",
  development_mode: "off",
  websockets: "on",
  ipv6: "on",
  http3: "on",
  security_header: { strict_transport_security: { enabled: false, max_age: 0, include_subdomains: false, preload: false, nosniff: false } },
};
