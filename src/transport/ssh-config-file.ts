import { existsSync, readdirSync, readFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import SSHConfig from "ssh-config";

/** The settings of ~/.ssh/config that are followed, for one name. */
export interface ConfigFor {
  readonly HostName?: string;
  readonly Port?: string;
  readonly User?: string;
  readonly IdentityFile: readonly string[];
  readonly IdentityAgent?: string;
  readonly ProxyJump?: string;
  readonly HostKeyAlias?: string;
  readonly UserKnownHostsFile: readonly string[];
}

/** What the user's ssh configuration says about a name. A missing file says nothing. */
export function configFor(name: string, home: string): ConfigFor {
  const text = withIncludes(join(home, ".ssh", "config"), home, 0);
  const raw: Record<string, string | string[]> = text === "" ? {} : SSHConfig.parse(text).compute(name, { ignoreCase: true });
  const low = new Map(Object.entries(raw).map(([key, value]) => [key.toLowerCase(), value]));
  const one = (key: string): string | undefined => [low.get(key) ?? []].flat()[0];
  const many = (key: string): string[] => [low.get(key) ?? []].flat();
  const single = {
    HostName: one("hostname"),
    Port: one("port"),
    User: one("user"),
    IdentityAgent: one("identityagent"),
    ProxyJump: one("proxyjump"),
    HostKeyAlias: one("hostkeyalias"),
  };
  const given = Object.fromEntries(Object.entries(single).filter(([, v]) => v !== undefined));
  return { ...given, IdentityFile: many("identityfile"), UserKnownHostsFile: many("userknownhostsfile").flatMap((v) => v.split(/\s+/)) };
}

function withIncludes(file: string, home: string, depth: number): string {
  if (depth > 8 || !existsSync(file)) return "";
  return readFileSync(file, "utf8").replace(/^[ \t]*Include[ \t=]+(.+)$/gim, (_all, patterns: string) =>
    patterns
      .trim()
      .split(/\s+/)
      .flatMap((p) => matching(resolve(join(home, ".ssh"), atHome(p.replace(/^"|"$/g, ""), home))))
      .map((f) => withIncludes(f, home, depth + 1))
      .join("\n"),
  );
}

/** The files that a pattern with stars in its last part means. */
function matching(pattern: string): string[] {
  if (!/[*?]/.test(basename(pattern))) return [pattern];
  const folder = dirname(pattern);
  const source = basename(pattern)
    .replace(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("*", ".*")
    .replaceAll("?", ".");
  const names = existsSync(folder) ? readdirSync(folder) : [];
  return names
    .filter((n) => new RegExp(`^${source}$`).test(n))
    .sort()
    .map((n) => join(folder, n));
}

/** `~/x` in the home folder. */
export function atHome(path: string, home: string): string {
  return path.replace(/^~(?=\/|$)/, () => home);
}
