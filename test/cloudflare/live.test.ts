import { expect, it } from "vitest";
import { cloudflareApp } from "../../src/facts/cloudflare/access-app.ts";
import { cloudflareBots } from "../../src/facts/cloudflare/bots.ts";
import { cloudflareIdentity } from "../../src/facts/cloudflare/identity.ts";
import { cloudflareMembers } from "../../src/facts/cloudflare/members.ts";
import { cloudflareDns } from "../../src/facts/cloudflare/record.ts";
import { cloudflareRecords } from "../../src/facts/cloudflare/records.ts";
import { cloudflareManaged, cloudflareRuleset } from "../../src/facts/cloudflare/ruleset.ts";
import { cloudflareSetting } from "../../src/facts/cloudflare/setting.ts";
import { cloudflareZone } from "../../src/facts/cloudflare/zone.ts";
import { NoAnswer } from "../../src/kernel/fact.ts";
import { asLogin } from "../../src/kernel/target.ts";
import { Secret } from "../../src/kernel/value.ts";
import { connectCloudflare } from "../../src/transport/cloudflare/open.ts";

const { CLOUDFLARE_LIVE_TOKEN: token, CLOUDFLARE_LIVE_ZONE: zone = "" } = process.env;

// Reads only; best with a token that can do no more.
it.skipIf(token === undefined || zone === "")(
  "a real zone answers every question in a form that is understood",
  { timeout: 120_000 },
  async () => {
    const target = await connectCloudflare({ host: "live", kind: "cloudflare", address: "live", api: { token: new Secret(token ?? "") } });
    if ("unreachable" in target) throw new Error(`${target.unreachable}: ${target.help}`);
    const phases = [
      "http_request_firewall_custom",
      "http_request_firewall_managed",
      "http_ratelimit",
      "http_request_cache_settings",
      "ddos_l7",
    ];
    const ask = [
      cloudflareZone({ zone }),
      cloudflareDns({ zone, name: zone }),
      cloudflareRecords({ zone }),
      ...["ssl", "min_tls_version", "security_header", "tls_client_auth", "universal_ssl", "leaked_credential_checks", "dnssec"].map(
        (name) => cloudflareSetting({ zone, name }),
      ),
      ...phases.map((phase) => cloudflareRuleset({ zone, phase })),
      cloudflareManaged({ zone, phase: "ddos_l7" }),
      cloudflareBots({ zone }),
      cloudflareIdentity({ zone }),
      cloudflareApp({ zone, host: zone }),
      cloudflareMembers({ zone }),
    ];
    const performed = await target.perform({ as: asLogin, lane: "control", links: [], ask });
    await target.close();
    if (performed.status !== "done") throw new Error(performed.why);
    const silent = ask.flatMap((q) => {
      const answer = performed.answers.get(q.id);
      return answer instanceof NoAnswer ? [`${q.object}: ${answer.why}`] : [];
    });
    expect(silent).toEqual([]);
  },
);
