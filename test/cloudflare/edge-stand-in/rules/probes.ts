/** What stands for the rules that Cloudflare keeps: a few attacks that nobody mistakes, each under its name. Cloudflare's own rules are many and not public. */
const probes: readonly { readonly name: string; readonly fits: (raw: string, decoded: string) => boolean }[] = [
  { name: "malformed", fits: (raw) => /%(?![0-9a-fA-F]{2})|%00|%c0%a[ef]|%c1%9c/i.test(raw) },
  { name: "traversal", fits: (_raw, decoded) => /(^|[/\\=])\.\.[/\\]|\/etc\/(passwd|shadow)\b/i.test(decoded) },
  {
    name: "SQL injection",
    fits: (_raw, decoded) =>
      /\bunion\b[\s/*]+(all[\s/*]+)?select\b|['"]\s*(or|and)\b[^=]*=|;\s*(drop|delete|insert|update)\s|\b(sleep|benchmark|pg_sleep)\s*\(\s*\d|\binformation_schema\b/i.test(
        decoded,
      ),
  },
  { name: "script", fits: (_raw, decoded) => /<script\b|\bonerror\s*=|javascript:/i.test(decoded) },
];

/** The name of the probe that a path with its query or a header fits, or undefined. */
export function probeIn(pathAndQuery: string, headers: readonly string[]): string | undefined {
  const decoded = decodedTwice(pathAndQuery);
  if ([decoded, ...headers].some((text) => /\$\{jndi:/i.test(text))) return "lookup";
  return probes.find((probe) => probe.fits(pathAndQuery, decoded))?.name;
}

/** Attackers escape twice. What is not UTF-8 stays as it is. */
function decodedTwice(text: string): string {
  try {
    return decodeURIComponent(decodeURIComponent(text.replaceAll("+", " ")));
  } catch {
    return text;
  }
}
