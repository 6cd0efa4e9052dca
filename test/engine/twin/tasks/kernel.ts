import fc from "fast-check";
import { maybe, of, one, type Weighted } from "./argument.ts";

export const kernel: Weighted = [
  [
    2,
    of("sysctl", {
      name: one("vm.swappiness", "net.ipv4.ip_forward", "net.ipv4.conf.all.forwarding", "net.bridge.bridge-nf-call-iptables"),
      value: one(1, 10, "300"),
      reload: maybe(fc.boolean()),
      ignoreerrors: maybe(fc.boolean()),
    }),
  ],
  [1, of("sysctl", { name: one("vm.swappiness", "kernel.kptr_restrict"), state: one("absent") })],
  [
    2,
    of("kernel_module", {
      name: one("br_netfilter", "usb-storage", "loop", "odd"),
      state: one("present", "absent"),
      persistent: maybe(one("present", "absent")),
      params: maybe(one("a=1")),
    }),
  ],
  [
    4,
    of("mount", {
      path: one("/lab/m1", "/lab/m1", "/lab/d1"),
      src: one("nas:/media", "nas:/media", "tmpfs", "nas:/gone"),
      fstype: one("nfs4", "tmpfs"),
      opts: maybe(one("ro,nosuid", "ro", "rw,noexec")),
      state: one("mounted", "mounted", "present", "ephemeral", "remounted"),
      boot: maybe(fc.boolean()),
    }),
  ],
  [2, of("mount", { path: one("/lab/m1", "/lab/d1"), state: one("unmounted", "absent", "absent_from_fstab") })],
  [1, of("kernel_module", { name: one("br_netfilter", "loop"), state: one("blacklisted", "blocked"), unload: maybe(fc.boolean()) })],
];
