import { defineFact } from "../kernel/fact.ts";
import { joinShell } from "../kernel/sh.ts";
import { Records } from "./records.ts";
import { addresses4, addresses6, type DefaultRoute, default4, default6 } from "./system-network.ts";
import { systemScript } from "./system-script.ts";
import { type Virtualisation, virtualisation } from "./system-virtual.ts";

export { systemShape, systemTable } from "./system-table.ts";

/** A graphics card on the PCI bus. */
export interface GpuCard {
  readonly vendor: string;
  readonly vendor_id: string;
  readonly device: string;
  readonly class: string;
  readonly driver: string | null;
  readonly address: string;
}

/** The value of the variable `facts`; systemTable describes every field. */
export interface SystemFacts {
  readonly os: { readonly [field in "family" | "id" | "version" | "codename" | "pretty_name"]: string | null };
  readonly kernel: { readonly [field in "release" | "machine" | "arch"]: string | null };
  readonly hostname: string | null;
  readonly fqdn: string | null;
  readonly cpus: number | null;
  readonly cpu_model: string | null;
  readonly memory: { readonly total_mib: number | null; readonly swap_mib: number | null };
  readonly addresses: { readonly v4: readonly string[]; readonly v6: readonly string[] };
  readonly default_interface: string | null;
  readonly default_ipv4: DefaultRoute;
  readonly default_ipv6: DefaultRoute;
  readonly mounts: readonly {
    readonly device: string;
    readonly path: string;
    readonly type: string;
    readonly options: readonly string[];
  }[];
  readonly virtualisation: Virtualisation;
  readonly gpu: readonly GpuCard[];
  readonly service_manager: string | null;
  readonly package_manager: string | null;
}

/** `system({})`: what the host is. `root` is put before /sys, to look at another tree. */
export const system = defineFact<{ readonly root?: string }, SystemFacts>({
  kind: "system",
  summary: "What the host is: system, kernel, memory, network, mounts, virtualisation, graphics cards.",
  object: (key) => key.root ?? "/",
  script: (keys) => joinShell(keys.map((key) => systemScript(key.root ?? ""))),
  read(stdout, keys) {
    const records = new Records(stdout, "system");
    const values = keys.map(() => {
      const tagged = new Map<string, string[]>();
      for (let line = records.line(); line !== "."; line = records.line()) {
        const tab = line.indexOf("\t");
        if (tab < 0) throw new Error(`system: unexpected line ${JSON.stringify(line)}`);
        const lines = tagged.get(line.slice(0, tab)) ?? [];
        tagged.set(line.slice(0, tab), [...lines, line.slice(tab + 1)]);
      }
      return factsOf((tag) => tagged.get(tag) ?? []);
    });
    records.end();
    return values;
  },
});

const architectures: Readonly<Record<string, string>> = {
  x86_64: "amd64",
  aarch64: "arm64",
  armv7l: "armhf",
  armv6l: "armel",
  i686: "i386",
  i586: "i386",
  ppc64le: "ppc64el",
};
const vendors: Readonly<Record<string, string>> = { "10de": "nvidia", "1002": "amd", "8086": "intel" };

function factsOf(lines: (tag: string) => readonly string[]): SystemFacts {
  const first = (tag: string): string | null => lines(tag)[0] ?? null;
  const machine = first("machine");
  const hostname = first("hostname");
  const v4 = addresses4(lines("fib4"));
  const v6 = addresses6(lines("if6"));
  const [ipv4, ipv6] = [default4(lines("route4"), v4), default6(lines("route6"), v6)];
  const cpu = lines("cpu");
  const mib = (name: string): number | null => {
    const kib = lines("memory")
      .find((line) => line.startsWith(name))
      ?.match(/\d+/)?.[0];
    return kib === undefined ? null : Math.floor(Number(kib) / 1024);
  };
  const packager = first("packager");
  return {
    os: osOf(lines("os").length > 0 ? lines("os") : lines("os-lib")),
    kernel: { release: first("release"), machine, arch: machine && (architectures[machine] ?? machine) },
    hostname,
    fqdn: hostname && fqdnOf(lines("hosts"), hostname),
    cpus: cpu.filter((line) => line.startsWith("processor")).length || null,
    cpu_model: cpu.find((line) => line.startsWith("model name"))?.split(": ")[1] ?? null,
    memory: { total_mib: mib("MemTotal"), swap_mib: mib("SwapTotal") },
    addresses: { v4, v6: v6.map((a) => a.address).sort() },
    default_interface: ipv4.interface ?? ipv6.interface,
    default_ipv4: ipv4,
    default_ipv6: ipv6,
    mounts: lines("mount").map(mountOf),
    virtualisation: virtualisation(lines),
    gpu: lines("gpu").map(gpuOf),
    service_manager: lines("exists").includes("/run/systemd/system") ? "systemd" : first("init"),
    package_manager: packager === "apt-get" ? "apt" : packager,
  };
}

function osOf(lines: readonly string[]): SystemFacts["os"] {
  const fields = new Map(
    lines.map((line) => [line.slice(0, line.indexOf("=")), line.slice(line.indexOf("=") + 1).replace(/^(["'])(.*)\1$/, "$2")]),
  );
  const get = (name: string): string | null => fields.get(name) || null;
  const id = get("ID");
  const likes = (get("ID_LIKE") ?? "").split(" ").filter((word) => word !== "");
  const family =
    id === "debian" || likes.includes("debian") || likes.includes("ubuntu") ? "debian" : id === "openwrt" ? id : (likes[0] ?? id);
  return { family, id, version: get("VERSION_ID"), codename: get("VERSION_CODENAME"), pretty_name: get("PRETTY_NAME") };
}

function fqdnOf(hosts: readonly string[], hostname: string): string | null {
  if (hostname.includes(".")) return hostname;
  const names = hosts
    .map((line) => line.replace(/#.*/, "").trim().split(/\s+/).slice(1))
    .find((words) => words.some((w) => w === hostname || w.startsWith(`${hostname}.`)));
  return names?.find((name) => name.startsWith(`${hostname}.`)) ?? null;
}

function mountOf(line: string): SystemFacts["mounts"][number] {
  const [device = "", path = "", type = "", options = ""] = line
    .split(" ")
    .map((word) => word.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8))));
  return { device, path, type, options: options.split(",") };
}

function gpuOf(line: string): GpuCard {
  const [folder = "", kind = "", vendor = "", device = "", driver = ""] = line.split("\t");
  const id = vendor.replace(/^0x/, "");
  const base = (path: string): string => path.slice(path.lastIndexOf("/") + 1);
  return {
    vendor: vendors[id] ?? id,
    vendor_id: id,
    device: device.replace(/^0x/, ""),
    class: kind.slice(2, 6),
    driver: base(driver) || null,
    address: base(folder),
  };
}
