import type { FakeAccounts } from "./accounts.ts";
import type { FakeFiles } from "./files.ts";
import type { FakeKernel } from "./kernel.ts";
import { Trouble } from "./trouble.ts";
import type { FakeUnits } from "./units.ts";

/** What the scripts of packages reach. */
interface Reach {
  readonly files: FakeFiles;
  readonly accounts: FakeAccounts;
  readonly units: FakeUnits;
  readonly kernel: FakeKernel;
}

interface Installed {
  state: "installed" | "config-files" | "broken";
  version: string;
  hold: boolean;
  /** It came as a dependency. */
  automatic: boolean;
}

/** A package of the fake repositories. */
interface Offered {
  /** Oldest first. */
  readonly versions: readonly string[];
  readonly needs?: readonly string[];
  /** What its script does when it is configured, beside what any plan can tell. */
  readonly script?: (reach: Reach) => void;
  readonly remains?: true;
}

const app = "[Unit]\nDescription=webd\n[Service]\nExecStart=/opt/ok\nExecReload=/opt/ok\n[Install]\nWantedBy=multi-user.target\n";

function webd(m: Reach): void {
  if (!m.accounts.user("webd")) {
    const { gid } = m.accounts.group("webd") ?? m.accounts.addGroup("webd", undefined, true);
    const uid = m.accounts.freeId(
      m.accounts.users.map((u) => u.uid),
      true,
    );
    m.accounts.users.push({
      name: "webd",
      uid,
      gid,
      comment: "",
      home: "/var/lib/webd",
      shell: "/usr/sbin/nologin",
      hash: "!",
      expires: "",
    });
  }
  m.files.put("/usr/lib/systemd/system/webd.service", { kind: "file", mode: 0o644, content: Buffer.from(app) });
  if (!m.files.at("/etc/webd")) m.files.mkdir("/etc/webd", 0o755, { uid: 0, gid: 0 });
  if (!m.files.at("/etc/webd/webd.conf"))
    m.files.put("/etc/webd/webd.conf", { kind: "file", mode: 0o644, content: Buffer.from("port=80\n") });
  m.units.reread();
  if (!m.units.isMasked("webd.service")) m.units.begin("webd.service");
}

const offers: Readonly<Record<string, Offered>> = {
  tool: { versions: ["1.0", "1.1"], remains: true },
  webd: { versions: ["2.0"], needs: ["libweb"], script: webd, remains: true },
  libweb: { versions: ["0.9"] },
  sour: {
    versions: ["3.0"],
    script(m) {
      m.files.put("/etc/sour.half", { kind: "file", mode: 0o644 });
      throw new Trouble(100, "dpkg: error processing package sour (--configure)");
    },
  },
  tuned: {
    versions: ["5.0"],
    script(m) {
      m.files.put("/etc/sysctl.d/99-rempart.conf", { kind: "file", mode: 0o644, content: Buffer.from("vm.swappiness = 10\n") });
      m.kernel.set("vm.swappiness", "10");
      m.kernel.load("br_netfilter");
    },
  },
  ufw: { versions: ["0.36"] },
  docker: { versions: ["27.0"] },
  extra: { versions: ["7.0"] },
};

/** A stand-in for dpkg and apt. */
export class FakePackages {
  readonly installed = new Map<string, Installed>();
  /** What `apt-get update` read: the newest version by name. null: never. */
  lists: Map<string, string> | null = new Map(
    Object.keys(offers)
      .filter((n) => n !== "extra")
      .map((n) => [n, offers[n]?.versions[0] ?? ""]),
  );
  /** The lists are young and younger than the sources. */
  fresh = false;
  readonly #reach: Reach;

  constructor(reach: Reach) {
    this.#reach = reach;
  }

  has(name: string): boolean {
    return this.installed.get(name)?.state === "installed";
  }

  candidate(name: string): string {
    return this.lists?.get(name) ?? "";
  }

  update(): void {
    const sources = this.#reach.files.text("/etc/apt/sources.list.d/extra.sources") ?? "";
    const open = sources.includes("Suites:") && !sources.includes("Enabled: no");
    this.lists = new Map(
      Object.keys(offers)
        .filter((n) => n !== "extra" || open)
        .map((n) => [n, offers[n]?.versions.at(-1) ?? ""]),
    );
  }

  /** The folder of the lists gets a new time; that makes the lists fresh when there are any. */
  listsTouched(): void {
    this.fresh = this.lists !== null;
    this.#sourcesSeen = this.#sources();
  }

  #sourcesSeen = "";

  #sources(): string {
    const { files } = this.#reach;
    return ["/etc/apt/sources.list.d", "/etc/apt/keyrings"]
      .flatMap((folder) => [folder, ...files.children(folder)])
      .map((at) => `${at} ${files.at(at)?.written}`)
      .join();
  }

  get isFresh(): boolean {
    return this.fresh && this.lists !== null && this.#sourcesSeen === this.#sources();
  }

  install(wanted: string, force: { readonly held: boolean; readonly down: boolean }): void {
    const [name = "", pin] = wanted.split("=");
    const offer = offers[name];
    const newest = this.candidate(name);
    if (!offer || newest === "") throw new Trouble(100, `E: Unable to locate package ${name}`);
    const version =
      pin === undefined ? newest : offer.versions.findLast((v) => (pin.endsWith("*") ? v.startsWith(pin.slice(0, -1)) : v === pin));
    if (version === undefined) throw new Trouble(100, `E: Version '${pin}' for '${name}' was not found`);
    const now = this.installed.get(name);
    if (now?.state === "installed" && now.version === version) {
      now.automatic = false;
      return;
    }
    if (now?.hold && !force.held)
      throw new Trouble(100, "E: Held packages were changed and -y was used without --allow-change-held-packages.");
    if (now?.state === "installed" && now.version > version && !force.down)
      throw new Trouble(100, "E: Packages were downgraded and -y was used without --allow-downgrades.");
    for (const need of offer.needs ?? []) if (!this.has(need)) this.#put(need, this.candidate(need), true);
    this.#put(name, version, false);
  }

  #put(name: string, version: string, automatic: boolean): void {
    const hold = this.installed.get(name)?.hold ?? false;
    this.installed.set(name, { state: "broken", version, hold, automatic });
    offers[name]?.script?.(this.#reach);
    this.installed.set(name, { state: "installed", version, hold, automatic });
  }

  remove(name: string, purge: boolean): void {
    const now = this.installed.get(name);
    if (!now) {
      if (!offers[name]) throw new Trouble(100, `E: Unable to locate package ${name}`);
      return;
    }
    for (const [other, { state }] of this.installed)
      if (state === "installed" && offers[other]?.needs?.includes(name)) this.remove(other, purge);
    if (name === "webd") {
      this.#reach.units.end("webd.service");
      this.#reach.files.remove("/usr/lib/systemd/system/webd.service");
      if (purge) this.#reach.files.remove("/etc/webd");
      this.#reach.units.reread();
    }
    if (!purge && offers[name]?.remains) this.installed.set(name, { ...now, state: "config-files", hold: false });
    else this.installed.delete(name);
  }

  unneeded(): string[] {
    const needed = new Set([...this.installed].filter(([, p]) => p.state === "installed").flatMap(([n]) => offers[n]?.needs ?? []));
    return [...this.installed].filter(([n, p]) => p.state === "installed" && p.automatic && !needed.has(n)).map(([n]) => n);
  }

  dump(): unknown {
    return { installed: [...this.installed], lists: this.lists && [...this.lists], fresh: this.isFresh };
  }
}
