import { type Acting, root } from "./files.ts";
import type { FakeMachine } from "./machine.ts";
import { Trouble } from "./trouble.ts";

const text = (m: FakeMachine, path: string, content: string, mode = 0o644): void =>
  m.files.put(path, { kind: "file", mode, content: Buffer.from(content) });
const folder = (m: FakeMachine, path: string, mode = 0o755, as: Acting = root): void => {
  if (!m.files.at(path)) m.files.mkdir(path, mode, as);
};
const unit = (start: string, more = ""): string => `[Unit]\n[Service]\n${more}ExecStart=${start}\n[Install]\nWantedBy=multi-user.target\n`;

type Drifts = Readonly<Record<string, (m: FakeMachine) => void>>;

const files = {
  "text in a": (m) => text(m, "/lab/a", "key=1\n"),
  "line in a": (m) => text(m, "/lab/a", `${m.files.text("/lab/a") ?? ""}drift\n`),
  "no a": (m) => m.files.remove("/lab/a"),
  "folder d1": (m) => folder(m, "/lab/d1"),
  "setgid d2": (m) => folder(m, "/lab/d2", 0o2775, { uid: 0, gid: 100 }),
  "no d1": (m) => m.files.remove("/lab/d1"),
  "d1 closed": (m) => {
    const node = m.files.at("/lab/d1");
    if (node) node.mode = 0o700;
  },
  link: (m) => m.files.put("/lab/link", { kind: "link", mode: 0o777, target: "d1" }),
  "file for folder": (m) => {
    m.files.remove("/lab/d1");
    text(m, "/lab/d1", "in the way\n");
  },
  "a of daemon": (m) => {
    const node = m.files.at("/lab/a");
    if (node) node.uid = 1;
  },
} satisfies Drifts;

const accounts = {
  "group late": (m) => void (m.accounts.group("late") ?? m.accounts.addGroup("late")),
  "group labs": (m) => void (m.accounts.group("labs") ?? m.accounts.addGroup("labs", 1501)),
  "user late": (m) => {
    if (m.accounts.user("late")) return;
    m.accounts.users.push({ name: "late", uid: 1500, gid: 100, comment: "", home: "/home/late", shell: "/bin/sh", hash: "!", expires: "" });
    folder(m, "/home/late", 0o700, { uid: 1500, gid: 100 });
  },
  "no user late": (m) => {
    const user = m.accounts.user("late");
    if (user) m.accounts.drop(m.accounts.users, user);
  },
  "password of late": (m) => {
    const user = m.accounts.user("late");
    if (user) user.hash = "$6$other";
  },
  "keys of late": (m) => {
    if (m.files.at("/home/late")) folder(m, "/home/late/.ssh");
    if (m.files.at("/home/late/.ssh")) text(m, "/home/late/.ssh/authorized_keys", "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOther other\n");
  },
} satisfies Drifts;

const packages = {
  "fresh lists": (m) => {
    m.packages.update();
    m.packages.listsTouched();
  },
  "stale lists": (m) => {
    m.packages.fresh = false;
  },
  tool: (m) => void m.packages.installed.set("tool", { state: "installed", version: "1.0", hold: false, automatic: false }),
  "tool held": (m) => {
    const tool = m.packages.installed.get("tool");
    if (tool) tool.hold = true;
  },
  "no tool": (m) => void m.packages.installed.delete("tool"),
  webd: (m) => m.packages.install("webd", { held: true, down: true }),
  "webd stops": (m) => m.units.end("webd.service"),
  "dpkg is mute": (m) => void m.mute.add("package"),
} satisfies Drifts;

const units = {
  "unit app": (m) => text(m, "/etc/systemd/system/app.service", unit("/opt/ok")),
  "unit app needs": (m) => text(m, "/etc/systemd/system/app.service", unit("/opt/needs /lab/a")),
  "app runs": (m) => {
    if (m.units.file("app.service") !== "" && !m.units.isMasked("app.service")) m.units.begin("app.service");
  },
  "app stops": (m) => m.units.end("app.service"),
  "app enabled": (m) => {
    folder(m, "/etc/systemd/system/multi-user.target.wants");
    m.files.put("/etc/systemd/system/multi-user.target.wants/app.service", {
      kind: "link",
      mode: 0o777,
      target: "/etc/systemd/system/app.service",
    });
  },
  "job of others": (m) => text(m, "/etc/systemd/system/job.timer", "[Timer]\nOnCalendar=weekly\n"),
  "job stops": (m) => m.units.end("job.timer"),
  "systemd is mute": (m) => void m.mute.add("unit").add("timer"),
} satisfies Drifts;

const kernel = {
  "other swappiness": (m) => m.kernel.set("vm.swappiness", "33"),
  forwarding: (m) => m.kernel.set("net.ipv4.ip_forward", "1"),
  "file of sysctl": (m) => text(m, "/etc/sysctl.d/99-rempart.conf", "kernel.kptr_restrict = 1\n"),
  bridge: (m) => m.kernel.load("br_netfilter"),
  "no bridge": (m) => m.kernel.unload("br_netfilter"),
  "bridge blocked": (m) =>
    text(m, "/etc/modprobe.d/rempart-br_netfilter.conf", "blacklist br_netfilter\ninstall br_netfilter /bin/false\n"),
  "mount of others": (m) => text(m, "/etc/fstab", "UUID=1 / ext4 errors=remount-ro 0 1\n# mine\nnas:/old /lab/m1 nfs ro 0 0\n"),
  "m1 mounted": (m) => {
    folder(m, "/lab/m1");
    m.mounts.mount("/lab/m1", "nas:/media", "nfs4", "ro,nosuid");
  },
  "m1 is tmpfs": (m) => {
    folder(m, "/lab/m1");
    m.mounts.mount("/lab/m1", "tmpfs", "tmpfs", "rw");
  },
  "m1 unmounted": (m) => m.mounts.umount("/lab/m1"),
  "m1 writable": (m) => m.mounts.remount("/lab/m1", "rw"),
} satisfies Drifts;

const network = {
  ufw: (m) => void m.packages.installed.set("ufw", { state: "installed", version: "0.36", hold: false, automatic: false }),
  docker: (m) => void m.packages.installed.set("docker", { state: "installed", version: "27.0", hold: false, automatic: false }),
  "rule for 22": (m) => {
    m.firewall.rules4 = [...m.firewall.rules4, "limit tcp 22 0.0.0.0/0 any 0.0.0.0/0 in"];
  },
  "no rules": (m) => {
    m.firewall.rules4 = [];
    m.firewall.rules6 = [];
  },
  "firewall on": (m) => void Object.assign(m.firewall, { enabled: true, running: true }),
  "firewall off": (m) => void Object.assign(m.firewall, { enabled: false, running: false }),
  nft: (m) => void m.packages.installed.set("nftables", { state: "installed", version: "1.1", hold: false, automatic: false }),
  "foreign forward": (m) => void m.tables.set("ip old", ['prerouting tcp dport 443 dnat ip to 192.168.1.9:443 comment "old"']),
  "no rules of ours": (m) => void m.tables.delete("inet rempart_router"),
  "table edge": (m) => void m.ownTables.set("inet edge", "table inet edge {\n\tchain input {\n\t\tdrop\n\t}\n}"),
  "tables flushed": (m) => m.ownTables.clear(),
  "net media": (m) => {
    if (!m.containers.networks.has("media"))
      m.containers.addNetwork("media", {
        driver: "bridge",
        internal: false,
        ipv6: false,
        ipam: [{ Subnet: "172.30.0.0/24" }],
        options: {},
        labels: {},
      });
  },
  "no net media": (m) => void m.containers.networks.delete("media"),
  "compose file": (m) => {
    folder(m, "/srv/app");
    text(m, "/srv/app/compose.yml", "services: { web: { image: ok } }\n");
  },
  "compose up": (m) => {
    const file = m.containers.read({ src: "/srv/app", files: [], profiles: [] });
    if (m.packages.has("docker") && file && !("error" in file)) m.containers.up("app", file, []);
  },
  "containers stop": (m) => {
    for (const c of m.containers.containers) m.containers.stop(c);
  },
  "an image web": (m) => void m.containers.images.set("web:1", { present: true, id: "sha256:1", digests: [], context: "" }),
  "no images": (m) => m.containers.images.clear(),
  "docker is mute": (m) => void m.mute.add("docker_image").add("compose_project").add("docker_network"),
} satisfies Drifts;

const always = { "all answer": (m) => m.mute.clear() } satisfies Drifts;

/** What somebody else does to the machine: before the play, as its starting state, or in the midst of it. */
const all = { ...files, ...accounts, ...packages, ...units, ...kernel, ...network, ...always };

export type DriftName = keyof typeof all;

const names = (drifts: Drifts): readonly DriftName[] => Object.keys({ ...drifts, ...always }) as DriftName[];

/** By what they touch. */
export const driftNames = {
  files: names(files),
  accounts: names(accounts),
  packages: names(packages),
  units: names(units),
  kernel: names(kernel),
  network: names(network),
};

/** Where the machine does not let it happen, it does not happen. */
export const drifts = Object.fromEntries(
  Object.entries<(m: FakeMachine) => void>(all).map(([name, act]) => [
    name,
    (m: FakeMachine): void => {
      try {
        act(m);
      } catch (error) {
        if (!(error instanceof Trouble)) throw error;
      }
    },
  ]),
) as Record<DriftName, (m: FakeMachine) => void>;
