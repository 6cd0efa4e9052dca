/** What a .sources file says. */
export interface Sources {
  readonly types: readonly string[];
  readonly uris: readonly string[];
  readonly suites: readonly string[];
  readonly components: readonly string[];
  readonly architectures: readonly string[];
  readonly enabled: boolean;
  /** Absolute path of the key file. */
  readonly signedBy: string;
}

/** The exact text of the file: deb822, as sources.list(5) describes it. */
export function sourcesText(s: Sources): string {
  const fields: readonly (readonly [string, readonly string[]])[] = [
    ...(s.enabled ? [] : [["Enabled", ["no"]] as const]),
    ["Types", s.types],
    ["URIs", s.uris],
    ["Suites", s.suites],
    ["Components", s.components],
    ["Architectures", s.architectures],
    ["Signed-By", [s.signedBy]],
  ];
  return fields
    .filter(([, words]) => words.length > 0)
    .map(([name, words]) => `${name}: ${words.join(" ")}\n`)
    .join("");
}
