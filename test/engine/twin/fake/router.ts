import type { NftablesKey } from "../../../../src/facts/router/nftables.ts";
import { readNftables } from "../../../../src/facts/router/nftables-read.ts";
import { hostsFolder, nftFile } from "../../../../src/facts/router/nftables-table.ts";
import type { RouterState } from "../../../../src/facts/router/state.ts";
import { NoAnswer } from "../../../../src/kernel/fact.ts";
import type { Acting } from "./files.ts";
import type { FakeMachine } from "./machine.ts";
import { type Program, unknownWords } from "./program.ts";
import { NotModelled, Trouble } from "./trouble.ts";

/** `chain RULE` of every rule in a file that replaces one table. */
function rulesIn(text: string): readonly string[] {
  let chain = "";
  return text.split("\n").flatMap((line) => {
    const [, name] = /^\tchain (\w+) \{$/.exec(line) ?? [];
    if (name !== undefined) chain = name;
    return /^\t\t(?!type )/.test(line) ? [`${chain} ${line.trim()}`] : [];
  });
}

const nft: Program = (m, words, stdin) => {
  if (!m.packages.has("nftables")) throw new Trouble(127, "nft: not found");
  const line = words.join(" ");
  const text = line === "-c -f -" ? stdin : words[0] === "-f" && words.length === 2 ? m.files.text(words[1] ?? "") : undefined;
  if (line !== "-c -f -" && words[0] !== "-f") return unknownWords("nft", words);
  if (text === undefined) throw new Trouble(1, `nft: Could not open file "${words[1]}": No such file or directory`);
  const [, table] = /^delete table (.+)$/m.exec(text) ?? [];
  if (table === undefined) throw new Trouble(1, "nft: Error: syntax error");
  const rules = rulesIn(text);
  for (const rule of rules) objectOf(table, rule);
  if (words[0] === "-f") m.tables.set(table, rules);
  return "";
};

/** A rule as `nft -j` prints it. */
function objectOf(table: string, rule: string): string {
  const [family, name] = table.split(" ");
  const [, chain, words = "", comment] = /^(\w+) (.*?)(?: comment "(.*)")?$/.exec(rule) ?? [];
  return JSON.stringify({ rule: { family, table: name, chain, ...(comment !== undefined && { comment }), expr: expressions(words) } });
}

const payloads = ["ip saddr", "ip6 daddr", "tcp dport", "udp dport", "icmpv6 type"];

function expressions(words: string): unknown[] {
  const all: unknown[] = [];
  const match = (left: unknown, right: unknown): void => void all.push({ match: { op: "==", left, right } });
  let rest = words;
  const take = (pattern: RegExp): RegExpExecArray | null => {
    const found = pattern.exec(rest);
    if (found) rest = rest.slice(found[0].length).trimStart();
    return found;
  };
  while (rest !== "") {
    const simple = take(/^(accept|drop|masquerade)$/);
    const face = take(/^(iifname|oifname) "([^"]+)"/);
    const payload = take(new RegExp(`^(${payloads.join("|")}) (\\{ \\S+ \\}|\\S+)`));
    const state = take(/^ct (state|status) (\S+)/);
    const target = take(/^dnat ip to ([0-9.]+)(?::(\d+))?$/);
    if (simple) all.push({ [simple[1] ?? ""]: null });
    else if (face) match({ meta: { key: face[1] } }, face[2]);
    else if (payload)
      match({ payload: { protocol: payload[1]?.split(" ")[0], field: payload[1]?.split(" ")[1] } }, rightSide(payload[2] ?? ""));
    else if (state) match({ ct: { key: state[1] } }, rightSide(state[2] ?? ""));
    else if (target) all.push({ dnat: { family: "ip", addr: target[1], ...(target[2] !== undefined && { port: Number(target[2]) }) } });
    else throw new NotModelled(`the rule ${words}`);
  }
  return all;
}

function rightSide(text: string): unknown {
  const set = /^\{ (.*) \}$/.exec(text)?.[1];
  if (set !== undefined) return { set: set.split(",") };
  if (text.includes(",")) return text.split(",");
  if (/^\d+-\d+$/.test(text)) return { range: text.split("-").map(Number) };
  if (text.includes("/")) return { prefix: { addr: text.split("/")[0], len: Number(text.split("/")[1]) } };
  return /^\d+$/.test(text) ? Number(text) : text;
}

/** What the question prints on a machine with the interface wan0 to the provider, and a dnsmasq that reads the reservations. */
export function routerState(m: FakeMachine, { wan }: NftablesKey, as: Acting): RouterState | NoAnswer {
  if (!m.packages.has("nftables")) return new NoAnswer("nft is not on this host: install nftables");
  if (as.uid !== 0) return new NoAnswer("the rules cannot be read: the task needs become: true");
  if (wan !== "wan0") return new NoAnswer(`there is no interface ${wan} on this host`);
  const lines = (text: string | undefined, before: string): string[] =>
    (text ?? "")
      .split("\n")
      .slice(0, -1)
      .map((line) => `${before}${line}`);
  const text = [
    ...[...m.tables].flatMap(([table, rules]) => rules.map((rule) => `n ${objectOf(table, rule)}`)),
    "a 203.0.113.5/24",
    "p 2001:db8::1/64",
    ...lines(m.files.text(nftFile), "f "),
    `h ${hostsFolder}`,
    ...m.files.children(hostsFolder).flatMap((at) => lines(m.files.text(at), `r ${at.split("/").at(-1)} `)),
    "u off",
  ].join("\n");
  return { ...readNftables(text, wan), record: text };
}

export const routerPrograms: Readonly<Record<string, Program>> = { nft };
