import type { Ufw } from "../facts/ufw.ts";
import type { ChangedField } from "../kernel/change.ts";

/** A rule in the words of ufw's command line, from its notation: `allow in on eth0 proto tcp from any to any port 22`. */
export function wordsOfTuple(tuple: string): string {
  const comment = / comment=([0-9a-f]*)$/.exec(tuple)?.[1];
  const [acts = "", proto, toPort = "", to = "", fromPort = "", from = "", ...rest] = tuple.replace(/ comment=[0-9a-f]*$/, "").split(" ");
  const places = (rest.at(-1) ?? "in").split("!").map((place) => place.replace(/^(in|out)_/, "$1 on "));
  const [app, fromApp] = rest.slice(0, -1).map((name) => (name === "-" ? undefined : name.replaceAll("%20", " ")));
  const [, route = "", action = "", log = ""] = /^(route:)?([a-z]+?)(?:_(log|log-all))?$/.exec(acts) ?? [];
  const end = (port: string, name: string | undefined): string[] =>
    name === undefined ? (port === "any" ? [] : ["port", port]) : ["app", name];
  return [
    ...(route ? ["route"] : []),
    action,
    ...(route && places.join() === "in" ? [] : places),
    ...(log ? [log] : []),
    ...(proto === "any" || app !== undefined || fromApp !== undefined ? [] : ["proto", proto]),
    "from",
    any(from),
    ...end(fromPort, fromApp),
    "to",
    any(to),
    ...end(toPort, app),
    ...(comment === undefined ? [] : ["comment", `'${Buffer.from(comment, "hex").toString("utf8")}'`]),
  ].join(" ");
}

function any(address: string): string {
  return address === "0.0.0.0/0" || address === "::/0" ? "any" : address;
}

/** Rules of both lists that read the same are one rule. */
export function ruleFields(
  rules: readonly { readonly family: 4 | 6; readonly before?: string; readonly after?: string }[],
): ChangedField[] {
  const said = rules.map((r) => ({ ...r, before: r.before && wordsOfTuple(r.before), after: r.after && wordsOfTuple(r.after) }));
  const [first, second] = said;
  if (first && second && first.before === second.before && first.after === second.after)
    return [{ name: "rule", before: first.before, after: first.after }];
  return said.map((r) => ({ name: `rule (IPv${r.family})`, before: r.before, after: r.after }));
}

/** What else is said of the firewall, in words. */
export function firewallFields(now: Ufw, patch: Partial<Ufw>): ChangedField[] {
  const word = (is: boolean): string => (is ? "on" : "off");
  const policies = (["incoming", "outgoing", "routed"] as const).flatMap((direction) =>
    patch[direction] === undefined ? [] : [{ name: `default ${direction}`, before: now[direction], after: patch[direction] }],
  );
  const switches = (
    [
      ["firewall", "running"],
      ["at boot", "enabled"],
    ] as const
  ).flatMap(([name, key]) =>
    patch[key] === undefined || patch[key] === now[key] ? [] : [{ name, before: word(now[key]), after: word(patch[key]) }],
  );
  return [
    ...policies,
    ...(patch.logging === undefined ? [] : [{ name: "logging", before: now.logging, after: patch.logging }]),
    ...switches,
  ];
}
