import { type Json, ok, Refused } from "../reply.ts";
import { now } from "../state.ts";
import type { Routes } from "./routes.ts";
import { zoneOf } from "./zones.ts";

const onOff = ["on", "off"];
const allowed: Readonly<Record<string, readonly string[]>> = {
  ssl: ["off", "flexible", "full", "strict"],
  ssl_automatic_mode: ["auto", "custom"],
  min_tls_version: ["1.0", "1.1", "1.2", "1.3"],
  tls_1_3: ["on", "off", "zrt"],
  security_level: ["off", "essentially_off", "low", "medium", "high", "under_attack"],
};

function refuseValue(id: string, value: Json): void {
  if (id === "security_header") {
    const hsts = value?.strict_transport_security;
    const whole = ["enabled", "max_age", "include_subdomains", "preload", "nosniff"].every((k) => hsts?.[k] !== undefined);
    if (!whole) throw new Refused(400, 1007, "Invalid value for zone setting security_header");
  } else if (!(allowed[id] ?? onOff).includes(value)) throw new Refused(400, 1007, `Invalid value for zone setting ${id}`);
}

export const settingRoutes: Routes = {
  "GET /zones/{zone_id}/settings/{setting_id}": (asked, account) => {
    const setting = zoneOf(asked, account).settings.get(asked.params.setting_id ?? "");
    if (!setting) throw new Refused(404, 1003, "Undefined zone setting");
    return ok(setting);
  },
  "PATCH /zones/{zone_id}/settings/{setting_id}": (asked, account) => {
    const zone = zoneOf(asked, account);
    const id = asked.params.setting_id ?? "";
    const setting = zone.settings.get(id);
    if (!setting) throw new Refused(404, 1003, "Undefined zone setting");
    if (!setting.editable) throw new Refused(403, 1008, `The zone setting ${id} is not editable on this plan`);
    refuseValue(id, asked.body.value);
    // While the mode is chosen by itself, it is changed behind the owner's back.
    zone.settings.set(id, { ...setting, value: asked.body.value, modified_on: now() });
    return ok(zone.settings.get(id));
  },
  "GET /zones/{zone_id}/ssl/universal/settings": (asked, account) => ok({ enabled: zoneOf(asked, account).universalSsl }),
  "PATCH /zones/{zone_id}/ssl/universal/settings": (asked, account) => {
    const zone = zoneOf(asked, account);
    zone.universalSsl = asked.body.enabled;
    return ok({ enabled: zone.universalSsl });
  },
  "GET /zones/{zone_id}/leaked-credential-checks": (asked, account) => ok({ enabled: zoneOf(asked, account).leakedCredentials }),
  "POST /zones/{zone_id}/leaked-credential-checks": (asked, account) => {
    const zone = zoneOf(asked, account);
    zone.leakedCredentials = asked.body.enabled;
    return ok({ enabled: zone.leakedCredentials });
  },
  "GET /zones/{zone_id}/bot_management": (asked, account) => ok(zoneOf(asked, account).bots),
  "PUT /zones/{zone_id}/bot_management": (asked, account) => {
    const zone = zoneOf(asked, account);
    const free = zone.plan === "free";
    if (free && Object.keys(asked.body).some((k) => k.startsWith("sbfm_") || k === "optimize_wordpress"))
      throw new Refused(403, 10013, "This zone is not entitled to Super Bot Fight Mode");
    // What is not sent falls back, and fight mode forces its script on.
    zone.bots = {
      ai_bots_protection: "disabled",
      crawler_protection: "disabled",
      is_robots_txt_managed: false,
      using_latest_model: true,
      enable_js: false,
      ...(free && { fight_mode: false }),
      ...asked.body,
    };
    if (free && zone.bots.fight_mode) zone.bots.enable_js = true;
    return ok(zone.bots);
  },
};
