import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readXml, type Settings, writeXml } from "./xml.ts";

/** The three files of settings under config/, by the name that the API has for them; `system` is the one without a name. */
export type Section = "system" | "network" | "encoding";

const roots: Readonly<Record<Section, string>> = {
  system: "ServerConfiguration",
  network: "NetworkConfiguration",
  encoding: "EncodingOptions",
};

/** What a class of settings has before a file or a request says otherwise. A part of 10.11's. */
export const usual: Readonly<Record<Section, Settings>> = {
  system: {
    IsStartupWizardCompleted: false,
    ServerName: "",
    UICulture: "en-US",
    MetadataCountryCode: "US",
    PreferredMetadataLanguage: "en",
    EnableMetrics: false,
    QuickConnectAvailable: true,
    LogFileRetentionDays: 3,
    ActivityLogRetentionDays: 30,
    RemoteClientBitrateLimit: 0,
    AllowClientLogUpload: true,
    EnableLegacyAuthorization: true,
    CorsHosts: ["*"],
    PluginRepositories: [],
  },
  network: {
    BaseUrl: "",
    EnableHttps: false,
    RequireHttps: false,
    InternalHttpPort: 8096,
    InternalHttpsPort: 8920,
    PublicHttpPort: 8096,
    PublicHttpsPort: 8920,
    AutoDiscovery: true,
    EnableUPnP: false,
    EnableIPv4: true,
    EnableIPv6: false,
    EnableRemoteAccess: true,
    LocalNetworkSubnets: [],
    LocalNetworkAddresses: [],
    KnownProxies: [],
    IgnoreVirtualInterfaces: true,
    EnablePublishedServerUriByRequest: false,
    RemoteIPFilter: [],
    IsRemoteIPFilterBlacklist: false,
  },
  encoding: {
    HardwareAccelerationType: "none",
    EnableHardwareEncoding: true,
    EnableEnhancedNvdecDecoder: true,
    HardwareDecodingCodecs: ["h264", "vc1"],
    EnableDecodingColorDepth10Hevc: true,
    EnableDecodingColorDepth10Vp9: true,
    AllowHevcEncoding: false,
    AllowAv1Encoding: false,
    EnableTonemapping: false,
    TranscodingTempPath: "",
    EnableThrottling: false,
    EnableSegmentDeletion: false,
    EncodingThreadCount: -1,
  },
};

const accelerations = ["none", "amf", "qsv", "nvenc", "v4l2m2m", "vaapi", "videotoolbox", "rkmpp"];

/** The settings in a folder. */
export class SettingFiles {
  readonly #folder: string;
  #now: Record<Section, Settings>;

  constructor(config: string) {
    this.#folder = join(config, "config");
    mkdirSync(this.#folder, { recursive: true });
    this.#now = { system: this.#read("system"), network: this.#read("network"), encoding: this.#read("encoding") };
    this.write("system", this.#now.system);
  }

  of(section: Section): Settings {
    return this.#now[section];
  }

  /** The whole section: what `given` does not name falls back to its default. Why not, when a value is of the wrong type. */
  replace(section: Section, given: Readonly<Record<string, unknown>>): string | undefined {
    const next = Object.fromEntries(Object.entries(usual[section]).map(([name, value]) => [name, given[name] ?? value])) as Settings;
    for (const [name, value] of Object.entries(usual[section])) {
      const fits = Array.isArray(value) ? Array.isArray(next[name]) : typeof next[name] === typeof value;
      if (!fits) return `The JSON value could not be converted. Path: $.${name}`;
    }
    if (section === "encoding" && !accelerations.includes(String(next.HardwareAccelerationType)))
      return "The JSON value could not be converted. Path: $.HardwareAccelerationType";
    this.write(section, next);
    return undefined;
  }

  write(section: Section, settings: Settings): void {
    this.#now[section] = settings;
    writeFileSync(join(this.#folder, `${section}.xml`), writeXml(roots[section], settings));
  }

  #read(section: Section): Settings {
    try {
      return readXml(readFileSync(join(this.#folder, `${section}.xml`), "utf8"), roots[section], usual[section]);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return usual[section];
      throw error;
    }
  }
}
