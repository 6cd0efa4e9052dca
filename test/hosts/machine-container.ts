import { BridgeContainer } from "./bridge-container.ts";

/**
 * A container that behaves as a machine: systemd, an own Docker engine, firewall and sysctls, a real reboot.
 * It needs no --privileged, which engines without CAP_SYS_RESOURCE refuse: all other capabilities, no seccomp filter,
 * /proc unmasked, the cgroup tree writable. SYS_TIME is left out because the clock is the machine's.
 */
export class MachineContainer extends BridgeContainer {
  constructor(image: string, cgroup: 1 | 2) {
    super(image);
    this.createOpts.Tty = true;
    this.createOpts.Volumes = { "/var/lib/docker": {} };
    this.hostConfig = {
      ...this.hostConfig,
      CapAdd: ["ALL"],
      CapDrop: ["SYS_RESOURCE", "SYS_TIME"],
      SecurityOpt: ["seccomp=unconfined", "apparmor=unconfined", "label=disable"],
      MaskedPaths: [],
      ReadonlyPaths: [],
      Tmpfs: { "/run": "rw,nosuid,nodev,mode=755", "/run/lock": "rw,nosuid,nodev,noexec", "/tmp": "rw,nosuid,nodev,exec,mode=1777" },
      // On cgroup v2 a private namespace shows the container its own tree, and init makes that writable.
      ...(cgroup === 1 ? { Binds: ["/sys/fs/cgroup:/sys/fs/cgroup:rw"] } : { CgroupnsMode: "private" as const }),
    };
  }
}
