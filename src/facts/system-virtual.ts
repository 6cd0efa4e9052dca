/** Whether the host is a guest, and whose. */
export interface Virtualisation {
  readonly type: string;
  readonly role: "guest" | "host";
  readonly container: boolean;
}

/** Signs of a container first: one inside a virtual machine sees the machine's hardware too. */
export function virtualisation(lines: (tag: string) => readonly string[]): Virtualisation {
  const container = containerType(lines);
  if (container !== undefined) return { type: container, role: "guest", container: true };
  const machine = machineType(lines);
  return machine === undefined ? { type: "none", role: "host", container: false } : { type: machine, role: "guest", container: false };
}

function containerType(lines: (tag: string) => readonly string[]): string | undefined {
  const exists = lines("exists");
  if (exists.includes("/run/.containerenv")) return "podman";
  if (exists.includes("/.dockerenv")) return "docker";
  const told = lines("container")[0];
  if (told !== undefined) return told;
  if (exists.includes("/dev/lxd/sock")) return "lxc";
  return exists.includes("/proc/vz") ? "openvz" : undefined;
}

const products: readonly (readonly [RegExp, string])[] = [
  [/VMware/, "vmware"],
  [/VirtualBox|innotek/, "virtualbox"],
  [/Microsoft.*Virtual/, "hyperv"],
  [/Xen/, "xen"],
  [/KVM|QEMU|Google Compute|Amazon EC2|OpenStack/, "kvm"],
];

function machineType(lines: (tag: string) => readonly string[]): string | undefined {
  const hardware = [...lines("vendor"), ...lines("product")].join(" ");
  const known = products.find(([pattern]) => pattern.test(hardware))?.[1];
  if (known !== undefined) return known;
  if (lines("xen").length > 0) return "xen";
  return lines("cpu").some((line) => line.startsWith("flags") && / hypervisor( |$)/.test(line)) ? "vm" : undefined;
}
