import type { Json } from "../../emulator/reply.ts";
import type { Zone } from "../../emulator/state.ts";
import { testOf } from "../expression/expression.ts";
import type { Test } from "../expression/fields.ts";
import { NotKnown, oneOf, onlyKeys } from "../not-known.ts";

/** A rule that acts, with its expression as a test. */
export interface ActiveRule {
  readonly id: string;
  readonly ref: string;
  readonly test: Test;
  readonly stored: Json;
}

export type Phase =
  | "ddos_l7"
  | "http_request_firewall_custom"
  | "http_ratelimit"
  | "http_request_firewall_managed"
  | "http_request_cache_settings";

const general = ["id", "ref", "version", "last_updated", "enabled", "description", "logging", "expression", "action"];
const managed = ["77454fe2d30c4220b5701f6fdfb893ba", "efb7b8c949ac4650a09736fc376e9aee", "4814384a9e5d4991b9815dcfc25d2f1f"];
const ddos = "4d21379b4f9f4bb088e0729962c8b3cf";

/** What is understood of each phase, beside the expression; everything else is refused. */
const phases: Readonly<Record<Phase, (rule: Json, where: string) => void>> = {
  ddos_l7: (rule, where) => {
    executes(rule, [ddos], where);
    onlyKeys(rule.action_parameters, ["id", "overrides"], where);
    onlyKeys(rule.action_parameters.overrides ?? {}, ["sensitivity_level"], where);
    oneOf(rule.action_parameters.overrides?.sensitivity_level ?? "default", ["default"], where);
  },
  http_request_firewall_custom: (rule, where) => {
    onlyKeys(rule, general, where);
    oneOf(rule.action, ["block"], where);
  },
  http_ratelimit: (rule, where) => {
    onlyKeys(rule, [...general, "ratelimit"], where);
    oneOf(rule.action, ["block"], where);
    onlyKeys(rule.ratelimit, ["characteristics", "period", "requests_per_period", "mitigation_timeout"], where);
    for (const what of rule.ratelimit.characteristics) oneOf(what, ["cf.colo.id", "ip.src"], where);
  },
  http_request_firewall_managed: (rule, where) => {
    executes(rule, managed, where);
    onlyKeys(rule.action_parameters, ["id"], where);
  },
  http_request_cache_settings: (rule, where) => {
    onlyKeys(rule, [...general, "action_parameters"], where);
    oneOf(rule.action, ["set_cache_settings"], where);
    onlyKeys(rule.action_parameters, ["cache"], where);
    oneOf(rule.action_parameters.cache, [false], where);
  },
};

function executes(rule: Json, rulesets: readonly string[], where: string): void {
  onlyKeys(rule, [...general, "action_parameters"], where);
  oneOf(rule.action, ["execute"], where);
  oneOf(rule.action_parameters?.id, rulesets, where);
}

/** The rules of every phase that act. All of them are looked through, whatever request there is, so that nothing hides behind a condition. */
export function activeRules(zone: Zone): Readonly<Record<Phase, readonly ActiveRule[]>> {
  const found: Record<Phase, ActiveRule[]> = {
    ddos_l7: [],
    http_request_firewall_custom: [],
    http_ratelimit: [],
    http_request_firewall_managed: [],
    http_request_cache_settings: [],
  };
  for (const [phase, { rules }] of zone.rulesets) {
    const check = Object.hasOwn(phases, phase) ? phases[phase as Phase] : undefined;
    if (!check && rules.length > 0) throw new NotKnown(`the phase ${phase}`);
    for (const stored of rules as readonly Json[]) {
      if (stored.enabled === false) continue;
      check?.(stored, `rule ${stored.ref} of ${phase}`);
      found[phase as Phase].push({ id: stored.id, ref: stored.ref, test: testOf(stored.expression), stored });
    }
  }
  return found;
}
