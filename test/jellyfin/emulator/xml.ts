/** A settings file as Jellyfin writes it: the root is the class, a list holds `<string>` or the name of its class. */
export type Setting = string | number | boolean | null | readonly string[] | readonly Readonly<Record<string, string | boolean>>[];
export type Settings = Readonly<Record<string, Setting>>;

/** Reads the settings that `defaults` has, in the type of their default. What the file does not say keeps its default; a broken file is all default. */
export function readXml(text: string, root: string, defaults: Settings): Settings {
  if (!new RegExp(`<${root}(\\s[^>]*)?>[\\s\\S]*</${root}>\\s*$`).test(text)) return defaults;
  return Object.fromEntries(Object.entries(defaults).map(([name, usual]) => [name, settingOf(text, name, usual)]));
}

function settingOf(text: string, name: string, usual: Setting): Setting {
  if (new RegExp(`<${name}\\s*/>`).test(text)) return Array.isArray(usual) ? [] : typeof usual === "string" ? "" : usual;
  const inner = inside(text, name);
  if (inner === undefined) return usual;
  if (name === "PluginRepositories")
    return [...inner.matchAll(/<RepositoryInfo>([\s\S]*?)<\/RepositoryInfo>/g)].map(([, one = ""]) => ({
      Name: plain(inside(one, "Name") ?? ""),
      Url: plain(inside(one, "Url") ?? ""),
      Enabled: inside(one, "Enabled") !== "false",
    }));
  if (Array.isArray(usual)) return [...inner.matchAll(/<string>([\s\S]*?)<\/string>/g)].map(([, one = ""]) => plain(one));
  if (typeof usual === "boolean") return inner.trim() === "true";
  if (typeof usual === "number") return Number(inner);
  return plain(inner);
}

function inside(text: string, name: string): string | undefined {
  return new RegExp(`<${name}(?:\\s[^>]*)?>([\\s\\S]*?)</${name}>`).exec(text)?.[1];
}

export function writeXml(root: string, settings: Settings): string {
  const lines = Object.entries(settings).map(([name, value]) => `  <${name}>${written(value)}</${name}>`);
  return `<?xml version="1.0" encoding="utf-8"?>\n<${root}>\n${lines.join("\n")}\n</${root}>\n`;
}

function written(value: Setting): string {
  if (!Array.isArray(value)) return escaped(String(value ?? ""));
  return (value as readonly unknown[])
    .map((one) =>
      typeof one === "string"
        ? `<string>${escaped(one)}</string>`
        : `<RepositoryInfo>${Object.entries(one as object)
            .map(([k, v]) => `<${k}>${escaped(String(v))}</${k}>`)
            .join("")}</RepositoryInfo>`,
    )
    .join("");
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

function plain(text: string): string {
  return text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&quot;", '"').replaceAll("&amp;", "&");
}
