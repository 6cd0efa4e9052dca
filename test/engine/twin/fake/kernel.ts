import { Trouble } from "./trouble.ts";

/** A stand-in for the running kernel: its parameters and modules. */
export class FakeKernel {
  readonly parameters = new Map([
    ["vm.swappiness", "60"],
    ["net.ipv4.ip_forward", "0"],
    ["net.ipv4.conf.all.forwarding", "0"],
    ["kernel.kptr_restrict", "0"],
  ]);
  readonly loaded = new Set<string>(["loop"]);

  /** Some parameters are two names of one thing. */
  set(name: string, value: string): void {
    if (!this.parameters.has(name)) throw new Trouble(1, `tee: /proc/sys/${name.replaceAll(".", "/")}: No such file or directory`);
    if (!/^\d{1,2}$/.test(value)) throw new Trouble(1, "tee: write error: Invalid argument");
    this.parameters.set(name, value);
    const twin = { "net.ipv4.ip_forward": "net.ipv4.conf.all.forwarding", "net.ipv4.conf.all.forwarding": "net.ipv4.ip_forward" }[name];
    if (twin !== undefined) this.parameters.set(twin, value);
  }

  load(name: string): void {
    this.loaded.add(name);
    if (name === "br_netfilter" && !this.parameters.has("net.bridge.bridge-nf-call-iptables"))
      this.parameters.set("net.bridge.bridge-nf-call-iptables", "1");
  }

  unload(name: string): void {
    this.loaded.delete(name);
    if (name === "br_netfilter") this.parameters.delete("net.bridge.bridge-nf-call-iptables");
  }

  dump(): unknown {
    return { parameters: [...this.parameters.entries()].map(String).sort(), loaded: [...this.loaded].sort() };
  }
}
