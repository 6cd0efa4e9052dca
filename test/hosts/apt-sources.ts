import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Where this machine gets Debian's packages from. */
export interface Mirror {
  readonly main: string;
  readonly security?: string;
}

interface Source {
  readonly uri: string;
  readonly suite: string;
}

/** The mirror in this machine's own apt sources; undefined where it is no Debian machine. */
export function machineMirror(etcApt = "/etc/apt", osRelease = "/etc/os-release"): Mirror | undefined {
  if (!existsSync(osRelease) || !/^ID="?debian"?$/m.test(readFileSync(osRelease, "utf8"))) return undefined;
  return mirrorOf(readAll(etcApt));
}

/** Debian's archive among sources in both of apt's formats. */
export function mirrorOf(files: readonly { name: string; text: string }[]): Mirror | undefined {
  const sources = files.flatMap((file) => (file.name.endsWith(".sources") ? deb822(file.text) : oneLine(file.text)));
  const main = sources.find((source) => /^(bookworm|trixie|forky|stable|testing|sid|bullseye)$/.test(source.suite));
  if (main === undefined) return undefined;
  const security = sources.find((source) => source.suite.endsWith("-security"));
  return security === undefined ? { main: main.uri } : { main: main.uri, security: security.uri };
}

function readAll(etcApt: string): { name: string; text: string }[] {
  const folder = join(etcApt, "sources.list.d");
  const names = existsSync(folder)
    ? readdirSync(folder)
        .toSorted()
        .map((name) => join(folder, name))
    : [];
  return [join(etcApt, "sources.list"), ...names]
    .filter((name) => /\.(list|sources)$/.test(name) && existsSync(name))
    .map((name) => ({ name, text: readFileSync(name, "utf8") }));
}

function oneLine(text: string): Source[] {
  return [...text.matchAll(/^\s*deb\s+(?:\[[^\]]*\]\s+)?(\S+)\s+(\S+)/gm)].map(([, uri = "", suite = ""]) => ({
    uri: uri.replace(/\/$/, ""),
    suite,
  }));
}

function deb822(text: string): Source[] {
  return text.split(/\n\s*\n/).flatMap((paragraph) => {
    const lines = paragraph
      .split("\n")
      .filter((line) => !line.startsWith("#"))
      .join("\n");
    const field = (name: string): string[] =>
      (new RegExp(`^${name}:((?:.*)(?:\\n[ \\t].*)*)`, "im").exec(lines)?.[1] ?? "").split(/\s+/).filter((word) => word !== "");
    if (!field("Types").includes("deb") || field("Enabled")[0] === "no") return [];
    return field("URIs").flatMap((uri) => field("Suites").map((suite) => ({ uri: uri.replace(/\/$/, ""), suite })));
  });
}
