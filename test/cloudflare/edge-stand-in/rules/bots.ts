import type { Zone } from "../../emulator/state.ts";
import { type Answer, blocked, page } from "../answer.ts";
import type { Fields } from "../expression/fields.ts";
import { oneOf, onlyKeys } from "../not-known.ts";

/** Names of some robots that collect for language models, as they give themselves. */
const collectors = /GPTBot|ClaudeBot|CCBot|Bytespider|Amazonbot|meta-externalagent|PetalBot/i;

/** Refuses what is stored about bots and is not understood here. */
export function checkBots({ bots, plan }: Zone): void {
  const of = "bot management";
  // Without effect on what visitors get here: scripts in pages, decoys, robots.txt.
  const idle = ["enable_js", "using_latest_model", "crawler_protection"];
  onlyKeys(bots, ["fight_mode", "ai_bots_protection", "is_robots_txt_managed", ...idle], of);
  oneOf(bots.ai_bots_protection, ["block", "disabled"], `${of}: ai_bots_protection`);
  oneOf(bots.is_robots_txt_managed ?? false, [false], `${of}: is_robots_txt_managed`);
  oneOf(bots.fight_mode ?? false, plan === "free" ? [true, false] : [false], `${of}: fight_mode`);
}

/** The answer for a visitor who looks like a bot, or undefined. Who cannot run a page's script cannot pass the challenge. */
export function botAnswer({ bots }: Zone, { userAgent }: Fields): Answer | undefined {
  if (bots.ai_bots_protection === "block" && collectors.test(userAgent)) return blocked("bots: collector for language models");
  if (!bots.fight_mode || userAgent.startsWith("Mozilla/")) return undefined;
  return page(403, "bots: fight mode", "Just a moment...", "", { "cf-mitigated": "challenge" });
}
