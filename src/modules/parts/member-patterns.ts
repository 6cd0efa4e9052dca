/**
 * A regular expression (of awk) that a name in an archive fits when it is one of these, lies below one of them, or fits
 * one of these shell patterns. `*` and `?` stand for anything but a /.
 */
export function memberPattern(names: readonly string[]): string {
  const one = (name: string): string =>
    name
      .replace(/^(\.\/)+|\/+$/g, "")
      .replace(/[.+^$(){}|[\]\\*?]/g, (c) => (c === "*" ? "[^/]*" : c === "?" ? "[^/]" : c === "^" ? "\\^" : `[${c === "]" ? "]" : c}]`))
      .replaceAll("[\\]", "\\\\");
  return `^(${names.map(one).join("|")})(/|$)`;
}
