/** A rule as a task says it. */
export interface UfwRule {
  readonly action: "allow" | "deny" | "reject" | "limit";
  readonly direction: "in" | "out";
  readonly from: string;
  readonly fromPort?: string | undefined;
  readonly to: string;
  readonly toPort?: string | undefined;
  /** Name of an application profile instead of a port. */
  readonly app?: string | undefined;
  readonly proto: string;
  readonly interfaceIn?: string | undefined;
  readonly interfaceOut?: string | undefined;
  readonly route: boolean;
  readonly log: boolean;
  readonly comment?: string | undefined;
}

/** The words of the rule for ufw's command line, without delete and insert. */
export function ruleWords(r: UfwRule): string[] {
  const on = r.route
    ? [...(r.interfaceIn ? ["in", "on", r.interfaceIn] : []), ...(r.interfaceOut ? ["out", "on", r.interfaceOut] : [])]
    : [r.direction, ...(interfaceOf(r) ? ["on", interfaceOf(r) ?? ""] : [])];
  return [
    r.action,
    ...on,
    ...(r.log ? ["log"] : []),
    ...(r.proto === "any" ? [] : ["proto", r.proto]),
    "from",
    r.from,
    ...(r.fromPort ? ["port", r.fromPort] : []),
    "to",
    r.to,
    ...(r.toPort ? ["port", r.toPort] : r.app ? ["app", r.app] : []),
    ...(r.comment ? ["comment", r.comment] : []),
  ];
}

/** Whether the rule goes to the IPv4 list, the IPv6 list or both. */
export function families(r: UfwRule, ipv6: boolean): (4 | 6)[] {
  const addresses = [r.from, r.to].filter((a) => a !== "any");
  if (addresses.some((a) => a.includes(":"))) return [6];
  return addresses.length > 0 || !ipv6 ? [4] : [4, 6];
}

/** The rule in ufw's notation. */
export function tupleOf(r: UfwRule, family: 4 | 6): string {
  const any = family === 4 ? "0.0.0.0/0" : "::/0";
  const address = (a: string): string => (a === "any" ? any : a.replace(family === 4 ? /\/32$/ : /\/128$/, ""));
  const action = `${r.route ? "route:" : ""}${r.action}${r.log ? "_log" : ""}`;
  const place = r.route
    ? [...(r.interfaceIn ? [`in_${r.interfaceIn}`] : []), ...(r.interfaceOut ? [`out_${r.interfaceOut}`] : [])].join("!") || "in"
    : `${r.direction}${interfaceOf(r) ? `_${interfaceOf(r) ?? ""}` : ""}`;
  const app = r.app ? [r.app.replaceAll(" ", "%20"), "-"] : [];
  const comment = r.comment ? [`comment=${Buffer.from(r.comment).toString("hex")}`] : [];
  return [action, r.proto, r.toPort ?? "any", address(r.to), r.fromPort ?? "any", address(r.from), ...app, place, ...comment].join(" ");
}

/** What makes two rules the same rule for ufw: everything but action, logging and comment. For a profile its name stands for ports and protocol. */
export function sameRule(a: string, b: string): boolean {
  return identity(a) === identity(b);
}

/** The rule does the same; a comment counts only where the task gives one. */
export function fulfils(found: string, wanted: string): boolean {
  return (
    sameRule(found, wanted) &&
    found.split(" ")[0] === wanted.split(" ")[0] &&
    (commentOf(wanted) === undefined || commentOf(found) === commentOf(wanted))
  );
}

function commentOf(tuple: string): string | undefined {
  return / comment=([0-9a-f]*)$/.exec(tuple)?.[1];
}

function identity(tuple: string): string {
  const [action = "", proto, toPort = "", to, fromPort = "", from, ...rest] = tuple.replace(/ comment=[0-9a-f]*$/, "").split(" ");
  const ports = (list: string): string => list.split(",").sort().join();
  const profile = rest.length > 1;
  return [action.startsWith("route:"), profile ? "" : proto, profile ? "" : ports(toPort), to, ports(fromPort), from, ...rest].join(" ");
}

function interfaceOf(r: UfwRule): string | undefined {
  return r.direction === "in" ? r.interfaceIn : r.interfaceOut;
}
