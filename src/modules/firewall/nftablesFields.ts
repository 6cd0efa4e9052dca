import { z } from "zod";
import { cleanPath, filePath } from "../parts/file-path.ts";

const identifier = (what: string) =>
  z.string().regex(/^[A-Za-z][A-Za-z0-9_.-]*$/, `${what} is named with letters, digits and _ . -, a letter first`);
const word = (what: string) => z.string().regex(/^[A-Za-z0-9_.:/ +-]+$/, `${what} is written as in nft(8)`);

/** One statement: nothing in it may end the chain, the set or the table that it stands in. */
const statement = z.string().refine((text) => problemIn(text) === undefined, { error: ({ input }) => problemIn(String(input)) ?? "" });

function problemIn(text: string): string | undefined {
  if (text.trim() === "") return "a rule is wanted, this is empty";
  if (/[\n\r\0]/.test(text)) return "a rule is one line; write one item for each";
  const bare = text.replace(/"[^"]*"/g, "_");
  if (bare.includes('"')) return "a quote is not closed";
  if (/[;#]/.test(bare)) return "a rule holds no ; and no # outside quotes: write one item for each rule";
  let depth = 0;
  for (const c of bare) {
    if (c === "{") depth++;
    if (c === "}" && --depth < 0) break;
  }
  return depth === 0 ? undefined : "the braces do not match";
}

const set = z.strictObject({
  name: identifier("a set"),
  type: word("a type"),
  flags: z.array(z.enum(["constant", "interval", "timeout", "dynamic"])).optional(),
  timeout: word("a time").optional(),
  size: z.int().min(1).optional(),
  auto_merge: z.boolean().optional(),
  elements: z.array(z.union([statement, z.number()])).optional(),
});

const chain = z
  .strictObject({
    name: identifier("a chain"),
    type: z.enum(["filter", "nat", "route"]).optional(),
    hook: z.enum(["prerouting", "input", "forward", "output", "postrouting", "ingress", "egress"]).optional(),
    device: word("a device").optional(),
    priority: z.union([z.int(), word("a priority")]).optional(),
    policy: z.enum(["accept", "drop"]).optional(),
    rules: z.array(statement).default([]),
  })
  .refine((c) => (c.hook === undefined) === (c.type === undefined) && (c.hook === undefined) === (c.priority === undefined), {
    error: "type, hook and priority go together; without them it is a chain for jumps",
  })
  .refine((c) => c.policy === undefined || c.hook !== undefined, { error: "only a chain with a hook has a policy", path: ["policy"] });

/** Tables that iptables keeps its rules in. */
const taken = ["filter", "nat", "mangle", "raw", "security"];

/** The arguments of `nftables`. */
export const nftablesArguments = z
  .strictObject({
    name: identifier("a table").describe("Name of the table. It is owned whole; no other table is touched."),
    family: z
      .enum(["inet", "ip", "ip6", "arp", "bridge", "netdev"])
      .default("inet")
      .describe("Which packets it sees; inet is IPv4 and IPv6 together."),
    sets: z
      .array(set)
      .default([])
      .describe(
        "Sets: name, type, flags, timeout, size, auto_merge, elements. Elements of sets with the flags dynamic or timeout are not compared.",
      ),
    chains: z
      .array(chain)
      .default([])
      .describe(
        "Chains in their order: name and `rules`, each a line of nft(8); with type, hook, priority and policy where packets come in.",
      ),
    persist: z
      .enum(["unit", "include", "none"])
      .default("unit")
      .describe(
        "How it is there after a boot. unit: by a unit nftables-NAME of its own. include: by a line in /etc/nftables.conf, which nftables.service reads. none: not.",
      ),
    path: filePath
      .transform(cleanPath)
      .optional()
      .describe("The file that holds the table. Default /etc/nftables.d/NAME.nft; none with persist: none."),
    state: z.enum(["present", "absent"]).default("present").describe("Whether the table shall be there."),
  })
  .superRefine((a, context) => {
    const issue = (path: string, message: string): void => context.addIssue({ code: "custom", path: [path], message });
    if (["ip", "ip6"].includes(a.family) && taken.includes(a.name))
      issue("name", `the table ${a.family} ${a.name} belongs to iptables: take another name`);
    if (a.state === "present" && a.chains.length + a.sets.length === 0) issue("chains", "give the `chains` of the table");
    const names = [...a.chains, ...a.sets].map((o) => o.name);
    const twice = names.find((name, i) => names.indexOf(name) !== i);
    if (twice !== undefined) issue("chains", `"${twice}" is there twice`);
  });

export type NftablesArguments = z.output<typeof nftablesArguments>;
