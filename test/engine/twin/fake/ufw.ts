import type { UfwPolicy } from "../../../../src/facts/ufw.ts";
import { families, sameRule, tupleOf, type UfwRule } from "../../../../src/modules/firewall/ufwRule.ts";
import type { FakeFirewall } from "./firewall.ts";
import { type Program, unknownWords } from "./program.ts";
import { Trouble } from "./trouble.ts";

/** `allow in proto tcp from any to any port 22 comment X`, word by word. */
function ruleOf(words: readonly string[], route: boolean): UfwRule {
  const rest = [...words];
  const take = (word: string): string | undefined => (rest[0] === word ? rest.splice(0, 2)[1] : undefined);
  const has = (word: string): boolean => rest[0] === word && rest.shift() !== undefined;
  const action = rest.shift() as UfwRule["action"];
  let [interfaceIn, interfaceOut]: (string | undefined)[] = [];
  let direction: UfwRule["direction"] = "in";
  while (rest[0] === "in" || rest[0] === "out") {
    direction = rest.shift() as UfwRule["direction"];
    const device = take("on");
    if (direction === "in") interfaceIn = device;
    else interfaceOut = device;
  }
  const log = has("log");
  const proto = take("proto") ?? "any";
  const from = take("from");
  const fromPort = take("port");
  const to = take("to");
  const toPort = take("port");
  const app = take("app");
  const comment = take("comment");
  if (!["allow", "deny", "reject", "limit"].includes(action) || from === undefined || to === undefined || rest.length > 0)
    return unknownWords("ufw", words);
  return {
    action,
    direction: route ? "in" : direction,
    from,
    fromPort,
    to,
    toPort,
    app,
    proto,
    interfaceIn,
    interfaceOut,
    route,
    log,
    comment,
  };
}

const ufw: Program = (m, given) => {
  const words = [...given];
  const f = m.firewall;
  if (!m.packages.has("ufw")) throw new Trouble(127, "ufw: not found");
  const forced = words[0] === "--force" && words.shift() !== undefined;
  const line = words.join(" ");
  if (line === "enable" && forced) Object.assign(f, { enabled: true, running: true });
  else if (line === "disable" && !forced) Object.assign(f, { enabled: false, running: false });
  else if (line === "reload" && !forced) {
    if (!f.running) throw new Trouble(1, "Firewall not enabled (skipping reload)");
  } else if (/^default (allow|deny|reject) (incoming|outgoing|routed)$/.test(line)) f[words[2] as "incoming"] = words[1] as UfwPolicy;
  else if (/^logging (off|low|medium|high|full)$/.test(line)) f.logging = words[1] ?? "";
  else rule(f, words, forced, given);
  return "";
};

function rule(f: FakeFirewall, words: string[], forced: boolean, given: readonly string[]): void {
  const route = words[0] === "route" && words.shift() !== undefined;
  const gone = words[0] === "delete" && words.shift() !== undefined;
  if (forced !== gone) unknownWords("ufw", given);
  const place = words[0] === "insert" ? Number(words.splice(0, 2)[1]) : undefined;
  const wanted = ruleOf(words, route);
  for (const family of families(wanted, f.ipv6)) {
    const name = family === 4 ? "rules4" : "rules6";
    const tuple = tupleOf(wanted, family);
    const list = [...f[name]];
    const at = list.findIndex((found) => sameRule(found, tuple));
    if (gone) {
      if (at >= 0) list.splice(at, 1);
    } else if (at >= 0) list[at] = tuple;
    else if (place === undefined) list.push(tuple);
    else {
      if (place > list.length + 1) throw new Trouble(1, `ERROR: Invalid position '${place}'`);
      list.splice(place - 1, 0, tuple);
    }
    f[name] = list;
  }
}

export const firewallPrograms: Readonly<Record<string, Program>> = { ufw };
