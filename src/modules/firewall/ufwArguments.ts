import { isIP } from "node:net";
import { z } from "zod";

const address = z
  .string()
  .refine(
    (a) => a === "any" || (isIP(a.split("/")[0] ?? "") > 0 && /^[^/]+(\/\d{1,3})?$/.test(a)),
    "an address is written 192.168.1.10, 192.168.1.0/24, 2001:db8::/32 or any",
  )
  .refine((a) => !hasHostBits(a), "an address with / names a network: its last bits must be zero, as in 192.168.1.0/24")
  .transform((a) =>
    a.includes(":")
      ? `${new URL(`http://[${a.split("/")[0] ?? ""}]`).hostname.slice(1, -1)}${a.includes("/") ? `/${a.split("/")[1] ?? ""}` : ""}`
      : a,
  );
const port = z
  .union([
    z.int().min(1).max(65535),
    z.string().regex(/^\d{1,5}(:\d{1,5})?(,\d{1,5}(:\d{1,5})?)*$/, "a port is a number, a range 6000:6007 or a list 80,443"),
  ])
  .transform((p) =>
    String(p)
      .split(",")
      .sort((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10))
      .join(),
  );
const device = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9_.+-]*$/, "an interface is named as `ip link` shows it");

/** What makes a rule, alone or in a list. */
const ruleFields = {
  direction: z
    .enum(["in", "incoming", "out", "outgoing", "routed"])
    .optional()
    .describe("For a rule: in (default) or out. For `default`: incoming (default), outgoing or routed."),
  from_ip: address.default("any").describe("Where packets come from."),
  from_port: port.optional().describe("Port that they come from."),
  to_ip: address.default("any").describe("Where packets go to."),
  to_port: port.optional().describe("Port that they go to."),
  port: port.optional().describe("The same as to_port."),
  name: z
    .string()
    .regex(/^[A-Za-z][A-Za-z0-9 _.+-]*$/, "a profile is named as `ufw app list` shows it")
    .optional()
    .describe("An application profile instead of a port."),
  proto: z.enum(["any", "tcp", "udp", "ipv6", "esp", "ah", "gre", "igmp"]).default("any").describe("Protocol."),
  interface: device.optional().describe("Interface of a rule in its direction."),
  interface_in: device.optional().describe("Interface that packets come in by."),
  interface_out: device.optional().describe("Interface that packets go out by."),
  route: z.boolean().default(false).describe("The rule is for packets that pass through."),
  log: z.boolean().default(false).describe("Log new connections of this rule."),
  comment: z
    .string()
    .regex(/^[^'"\n]*$/, "ufw takes no quotes in a comment")
    .optional()
    .describe("A word about the rule."),
};
const action = z
  .enum(["allow", "deny", "reject", "limit"])
  .describe("What the rule does; limit denies an address that connects 6 times within 30 seconds.");
const oneRule = z.strictObject({ rule: action, ...ruleFields }).superRefine(ruleProblems);

/** A rule as a task says it. */
export type UfwRuleArguments = z.output<typeof oneRule>;

/** The arguments of `ufw`, as Ansible names them; `rules` is ours. */
export const ufwArguments = z
  .strictObject({
    state: z
      .enum(["enabled", "disabled", "reloaded"])
      .optional()
      .describe("enabled: in force now and after each boot. reloaded: always load the rules anew."),
    default: z.enum(["allow", "deny", "reject"]).optional().describe("What happens to packets that no rule names, in the given direction."),
    logging: z.enum(["on", "off", "low", "medium", "high", "full"]).optional().describe("How much is logged; on is low."),
    rule: action.optional(),
    ...ruleFields,
    insert: z.int().min(1).optional().describe("Place of a new rule, counted from 1; at the end when it is not given."),
    delete: z.boolean().default(false).describe("The rule shall not be there."),
    rules: z
      .array(oneRule)
      .optional()
      .describe("All rules that there shall be, in this order, each with `rule` and what belongs to it; others are deleted."),
  })
  .superRefine((a, context) => {
    const issue = (path: string, message: string): void => context.addIssue({ code: "custom", path: [path], message });
    if (!a.state && !a.default && !a.logging && !a.rule && !a.rules) issue("rule", "give one of state, default, logging, rule or rules");
    ruleProblems(a, context);
    if (!a.rule && (a.delete || a.insert !== undefined)) issue("rule", "delete and insert need a `rule`");
    if (a.rule && a.rules) issue("rules", "rules are all that there shall be: put this `rule` among them");
  });

type RuleParts = {
  readonly [F in "to_port" | "port" | "from_port" | "name" | "interface_in" | "interface_out" | "direction" | "rule"]?: string | undefined;
} & {
  readonly proto: string;
  readonly from_ip: string;
  readonly to_ip: string;
  readonly route: boolean;
};

/** What does not go together in one rule. */
function ruleProblems(a: RuleParts, context: { addIssue(issue: { code: "custom"; path: string[]; message: string }): void }): void {
  const issue = (path: string, message: string): void => context.addIssue({ code: "custom", path: [path], message });
  if (a.port !== undefined && a.to_port !== undefined) issue("port", "port and to_port are the same: give one");
  const list = (a.to_port ?? a.port ?? "") + (a.from_port ?? "");
  if (/[,:]/.test(list) && a.proto !== "tcp" && a.proto !== "udp")
    issue("proto", "a list or range of ports needs `proto: tcp` or `proto: udp`");
  if (a.rule && a.direction === "routed") issue("direction", "a rule for packets that pass through is written `route: true`");
  if (a.from_ip !== "any" && a.to_ip !== "any" && a.from_ip.includes(":") !== a.to_ip.includes(":"))
    issue("to_ip", "from_ip and to_ip are of different kinds, IPv4 and IPv6");
  if (a.name !== undefined && (list !== "" || a.proto !== "any")) issue("name", "a profile brings its own ports and protocol");
  if (!a.route && a.interface_in && a.interface_out) issue("interface_out", "only a rule with `route: true` has two interfaces");
}

/** ufw would silently cut them off, and the rule would then never be found again. */
function hasHostBits(text: string): boolean {
  const [address = "", length] = text.split("/");
  if (length === undefined || isIP(address) !== 4) return false;
  const bits = address.split(".").reduce((all, part) => all * 256 + Number(part), 0);
  return bits % 2 ** Math.max(0, 32 - Number(length)) !== 0;
}
