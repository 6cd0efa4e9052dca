import { randomUUID } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { $ } from "zx";
import { currentRun } from "../hosts/run.ts";
import type { Site } from "../hosts/site.ts";

const zone = "example.org";

/** Opens at once what each scenario but the attacks stands on, in the zone and on the server. */
export async function openEverything({ edge, proliant, wanAddress }: Site): Promise<void> {
  const { result } = await api(edge, "GET", "/zones");
  await api(edge, "POST", `/zones/${result[0]?.id}/dns_records`, {
    type: "TXT",
    name: zone,
    content: `"v=spf1 ip4:${wanAddress} -all"`,
    ttl: 1,
  });
  await proliant.out(`sed -i -e '/rempart_edge = 0/d' -e 's/ssl_verify_client on/ssl_verify_client off/' /etc/nginx/sites-available/rempart
nginx -t -q && systemctl reload nginx
if command -v ufw > /dev/null; then ufw insert 1 allow 443/tcp > /dev/null; fi`);
}

/** A playbook that takes the zone's own defences away: the countries, the limit, the list of people, and the veil over a name. */
export function breachedZone(wanAddress: string): string {
  return written([
    { cloudflare_ruleset: { zone, phase: "http_request_firewall_custom", rules: [] } },
    { cloudflare_ruleset: { zone, phase: "http_ratelimit", rules: [] } },
    { cloudflare_access_group: { zone, name: "rempart media people", include: { emails: ["ada@example.org"], email_domains: [zone] } } },
    { cloudflare_access_group: { zone, name: "rempart countries", include: { countries: ["FR", "US"] } } },
    { cloudflare_dns: { zone, name: `home.${zone}`, type: "A", content: wanAddress } },
  ]);
}

/** A playbook that takes the login and all rules from before the application. */
export function bareApplication(): string {
  return written([
    { cloudflare_access_app: { zone, host: "media.example.org", state: "absent" } },
    { cloudflare_ruleset: { zone, phase: "http_request_firewall_custom", rules: [] } },
    { cloudflare_ruleset: { zone, phase: "http_request_firewall_managed", rules: [] } },
  ]);
}

function written(tasks: readonly object[]): string {
  const folder = join(currentRun().folder, "playbooks");
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${randomUUID()}.yml`);
  writeFileSync(file, JSON.stringify([{ hosts: "edge", gather_facts: false, tasks }]));
  return file;
}

async function api(
  { apiUrl, token, caFile }: Site["edge"],
  method: string,
  path: string,
  body: object = {},
): Promise<{ result: { id: string }[] }> {
  const sent = method === "GET" ? [] : ["--json", JSON.stringify(body)];
  const { stdout } = await $({
    quiet: true,
  })`curl -fsS --max-time 20 --cacert ${caFile} -X ${method} -H ${`Authorization: Bearer ${token}`} ${sent} ${apiUrl}${path}`;
  return JSON.parse(stdout) as { result: { id: string }[] };
}
