import type { Shape } from "../kernel/value.ts";

/** One row of the documented table: `mounts[]` is each item of the list `mounts`. */
export interface SystemRow {
  readonly path: string;
  readonly type: "string" | "number" | "boolean";
  readonly description: string;
}

const row = (path: string, type: SystemRow["type"], description: string): SystemRow => ({ path, type, description });

/** Everything under `facts`. What a host cannot tell is null. */
export const systemTable: readonly SystemRow[] = [
  row("os.family", "string", "debian for Debian, Ubuntu and what calls itself like them; else the first word of ID_LIKE, else os.id."),
  row("os.id", "string", "ID of /etc/os-release: debian, ubuntu, openwrt, ..."),
  row("os.version", "string", 'VERSION_ID of /etc/os-release, as text: "13".'),
  row("os.codename", "string", "VERSION_CODENAME of /etc/os-release: trixie."),
  row("os.pretty_name", "string", "PRETTY_NAME of /etc/os-release, for people."),
  row("kernel.release", "string", "As `uname -r`."),
  row("kernel.machine", "string", "As `uname -m`: x86_64, aarch64, ..."),
  row("kernel.arch", "string", "The same in Debian's words: amd64, arm64, armhf, ..."),
  row("hostname", "string", "As `uname -n`."),
  row("fqdn", "string", "The first name with a dot beside the host name in /etc/hosts; null when there is none."),
  row("cpus", "number", "Logical processors."),
  row("cpu_model", "string", "Model of the first processor."),
  row("memory.total_mib", "number", "Main memory in MiB, rounded down."),
  row("memory.swap_mib", "number", "Swap in MiB, rounded down."),
  row("addresses.v4[]", "string", "IPv4 addresses of the host, without loopback, sorted."),
  row("addresses.v6[]", "string", "Global IPv6 addresses of the host, without temporary ones, sorted."),
  row("default_interface", "string", "Interface of the IPv4 default route, else of the IPv6 one; null without either."),
  row("default_ipv4.interface", "string", "Interface of the IPv4 default route."),
  row("default_ipv4.address", "string", "Address of the host on that interface."),
  row("default_ipv4.gateway", "string", "Next hop of the IPv4 default route."),
  row("default_ipv6.interface", "string", "Interface of the IPv6 default route."),
  row("default_ipv6.address", "string", "Global address of the host on that interface."),
  row("default_ipv6.gateway", "string", "Next hop of the IPv6 default route."),
  row("mounts[].device", "string", "What is mounted: a device, or a word such as tmpfs."),
  row("mounts[].path", "string", "Where it is mounted."),
  row("mounts[].type", "string", "Kind of file system."),
  row("mounts[].options[]", "string", "Mount options."),
  row(
    "virtualisation.type",
    "string",
    "none, docker, podman, lxc, ..., or kvm, vmware, virtualbox, hyperv, xen, or vm for another virtual machine.",
  ),
  row("virtualisation.role", "string", "guest, or host when it is none."),
  row("virtualisation.container", "boolean", "True in a container, which shares the kernel with others."),
  row("gpu[].vendor", "string", "nvidia, amd, intel, or the PCI number."),
  row("gpu[].vendor_id", "string", "PCI vendor: 10de."),
  row("gpu[].device", "string", "PCI device: 1bb3."),
  row("gpu[].class", "string", "PCI class: 0300 for a display, 0302 for a 3D card without one."),
  row("gpu[].driver", "string", "Kernel driver that holds the card; null when none does."),
  row("gpu[].address", "string", "PCI address: 0000:08:00.0."),
  row("service_manager", "string", "systemd, procd, ...: what process 1 is."),
  row("package_manager", "string", "apt, opkg, apk, dnf, yum, pacman or zypper; null when none is there."),
];

/** The shape of `facts`, for checking names before anything is connected. */
export const systemShape: Shape = shapeOf(systemTable.map(({ path, type }) => ({ parts: path.replaceAll("[]", ".[]").split("."), type })));

function shapeOf(rows: readonly { parts: readonly string[]; type: SystemRow["type"] }[]): Shape {
  const [first] = rows;
  if (first?.parts.length === 0) return { kind: first.type };
  const names = [...new Set(rows.map((r) => r.parts[0] ?? ""))];
  const under = (name: string): Shape =>
    shapeOf(rows.filter((r) => r.parts[0] === name).map((r) => ({ parts: r.parts.slice(1), type: r.type })));
  if (names[0] === "[]") return { kind: "list", of: under("[]") };
  return { kind: "object", fields: Object.fromEntries(names.map((name) => [name, under(name)])) };
}
