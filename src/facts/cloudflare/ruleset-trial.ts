import { defineApiFact } from "../../kernel/apifact.ts";
import { objectAt, type Raw } from "./place.ts";
import { canonicalRule, entrypoint, type Rule } from "./ruleset.ts";
import { merged, sameRules, sent } from "./ruleset-merge.ts";

/** What Cloudflare says to rules before they are written. */
export interface Trial {
  /** Why it would not take them, else null. */
  readonly refused: string | null;
}

export interface TrialKey {
  readonly zone: string;
  readonly phase: string;
  /** Ours, as they shall be. */
  readonly rules: readonly Rule[];
}

/**
 * `cloudflareTrial({ zone, phase, rules })`: the API's own `dry_run`, which checks and stores nothing. Nothing is sent while the rules
 * are already as they shall be.
 */
export const cloudflareTrial = defineApiFact<TrialKey, Trial>({
  kind: "cloudflare_trial",
  summary: "Whether Cloudflare would take these rules; it is asked without writing.",
  api: ["cloudflare"],
  object: ({ zone, phase }) => `${zone} ${phase}`,
  ask: (client, keys) =>
    Promise.all(
      keys.map(async ({ zone, phase, rules }): Promise<Trial> => {
        const raw = await objectAt(client, entrypoint({ zone, phase }));
        const now = ((raw?.rules ?? []) as readonly Raw[]).map(canonicalRule);
        if (sameRules(now, rules)) return { refused: null };
        const path = `${entrypoint({ zone, phase })}?dry_run=true`;
        const { rc, stderr } = await client.call({
          do: "call",
          method: "PUT",
          path,
          body: { rules: sent({ zone, phase }, now, merged(now, rules)) },
        });
        return { refused: rc === 0 ? null : stderr };
      }),
    ),
});
