import type { Ufw } from "../../facts/ufw.ts";
import type { ChangedField } from "../../kernel/change.ts";

/** A rule in the words of ufw's command line, from its notation: `allow in on eth0 proto tcp from any to any port 22`. */
function wordsOfTuple(tuple: string): string {
  const comment = / comment=([0-9a-f]*)$/.exec(tuple)?.[1];
  const said = comment === undefined ? [] : ["comment", `'${Buffer.from(comment, "hex").toString("utf8")}'`];
  return [...tupleWords(tuple).map((word) => (word === "0.0.0.0/0" || word === "::/0" ? "any" : word)), ...said].join(" ");
}

/** The same as a list, without the comment, and with the addresses that say of which family it is. */
export function tupleWords(tuple: string): string[] {
  const [acts = "", proto = "", toPort = "", to = "", fromPort = "", from = "", ...rest] = tuple
    .replace(/ comment=[0-9a-f]*$/, "")
    .split(" ");
  const places = (rest.at(-1) ?? "in").split("!").flatMap((place) => place.replace(/^(in|out)_/, "$1 on ").split(" "));
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
    from,
    ...end(fromPort, fromApp),
    "to",
    to,
    ...end(toPort, app),
  ];
}

/** Rules of both lists that read the same are one rule. */
export function ruleFields(
  rules: readonly { readonly family: 4 | 6; readonly before?: string; readonly after?: string }[],
): ChangedField[] {
  const said = rules.map((r) => ({ ...r, before: r.before && wordsOfTuple(r.before), after: r.after && wordsOfTuple(r.after) }));
  const twin = (r: (typeof said)[number]) => said.find((o) => o.family !== r.family && o.before === r.before && o.after === r.after);
  return said
    .filter((r) => r.family === 4 || twin(r) === undefined)
    .map((r) => ({ name: twin(r) ? "rule" : `rule (IPv${r.family})`, before: r.before, after: r.after }));
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
