/** Jinja and Ansible filters, and the helper that does the same. `$` is the value, the arguments follow. */
const filters = new Map(
  Object.entries({
    default: "default $",
    d: "default $",
    join: "join $",
    lower: "lower $",
    upper: "upper $",
    trim: "trim $",
    replace: "replace $",
    regex_replace: "regex_replace $",
    split: "split $",
    length: "length $",
    count: "length $",
    first: "first $",
    last: "last $",
    sort: "sort $",
    unique: "unique $",
    b64encode: "b64 $",
    b64decode: "b64decode $",
    to_json: "json $",
    tojson: "json $",
    to_nice_json: "json $ 2",
    to_yaml: "yaml $",
    to_nice_yaml: "yaml $",
    int: "int $",
    bool: "bool $",
    hash: "hash $",
    quote: "quote $",
    basename: "basename $",
    dirname: "dirname $",
    indent: "indent $",
    urlencode: "url_encode $",
    list: "$",
    string: '"{{ $ }}"',
  }),
);

/** The answer to `value | filter(arguments)`. */
export function jinjaFilter(value: string, rest: string): { message: string; help: string } {
  const [, name = "", args = ""] = /^(\w+)\s*(?:\(([^)]*)\))?/.exec(rest) ?? [];
  const message = name ? `"| ${name}" is a Jinja filter` : '"|" is not known inside of {{ }}';
  if (name === "default" && /\bomit\b/.test(args))
    return { message, help: "leave the argument out, or give it to a task of its own under a when" };
  const ours = filters.get(name);
  if (!ours) return { message, help: "the helpers are in the manual: docs/templates.md" };
  const given = spaced(args.replace(/,\s*(true|True|boolean\s*=\s*\w+)\s*$/, ""));
  const call = `${ours.replace("$", value)}${given ? ` ${given}` : ""}`;
  return { message, help: `write {{ ${call} }}` };
}

/** Arguments with commas and either quotes, as a helper takes them: `'a', b` becomes `"a" b`. */
export function spaced(args: string): string {
  const parts = args.match(/"[^"]*"|'[^']*'|[^\s,"']+/g) ?? [];
  return parts.map((p) => (p.startsWith("'") && !p.includes('"') ? `"${p.slice(1, -1)}"` : p)).join(" ");
}
