import { createHash } from "node:crypto";
import { FakeAccounts } from "./accounts.ts";
import { FakeContainers } from "./containers.ts";
import { FakeFiles } from "./files.ts";
import { freshFirewall } from "./firewall.ts";
import { FakeKernel } from "./kernel.ts";
import { FakeMounts } from "./mounts.ts";
import { FakePackages } from "./packages.ts";
import { FakeUnits } from "./units.ts";

const folders =
  "etc etc/apt etc/apt/sources.list.d etc/apt/keyrings etc/modprobe.d etc/modules-load.d etc/sysctl.d etc/systemd etc/systemd/system home home/admin lab root srv srv/app usr usr/lib usr/lib/systemd usr/lib/systemd/system var var/lib".split(
    " ",
  );

/** A stand-in for a Debian machine: enough state for every module, and programs whose effects reach across it as real ones do. */
export class FakeMachine {
  readonly files = new FakeFiles();
  readonly accounts = new FakeAccounts();
  readonly packages = new FakePackages(this);
  readonly units = new FakeUnits(this.files);
  readonly kernel = new FakeKernel();
  readonly mounts = new FakeMounts(this.files);
  readonly firewall = freshFirewall();
  /** Tables of nftables that tasks own whole, as they are listed. */
  readonly ownTables = new Map<string, string>();
  readonly containers = new FakeContainers(this.files);
  /** The tables of nft that are in force, as lines of nft(8), by their names. */
  readonly tables = new Map<string, readonly string[]>();
  /** What was posted to the web server on it. */
  items = 0;
  /** Kinds of questions that get no answer. */
  readonly mute = new Set<string>();

  constructor() {
    for (const folder of folders)
      this.files.mkdir(`/${folder}`, 0o755, folder === "home/admin" ? { uid: 1000, gid: 1000 } : { uid: 0, gid: 0 });
    this.files.put("/etc/machine-id", { kind: "file", mode: 0o444, content: Buffer.from("0123456789abcdef0123456789abcdef\n") });
  }

  digest(content: Buffer): string {
    return createHash("sha256").update(content).digest("hex");
  }

  /** Time passes: what was under way has happened. */
  settle(): void {
    this.units.settle();
    this.containers.settle();
  }

  /** Everything that a person could look at, as lines. */
  dump(): unknown {
    return {
      files: this.files.dump(),
      accounts: this.accounts.dump(),
      packages: this.packages.dump(),
      units: this.units.dump(),
      kernel: this.kernel.dump(),
      mounts: this.mounts.dump(),
      firewall: this.firewall,
      ownTables: [...this.ownTables.entries()].map(String).sort(),
      containers: this.containers.dump(),
      tables: [...this.tables].map(String).sort(),
      items: this.items,
    };
  }
}
