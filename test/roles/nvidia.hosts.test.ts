import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startHost, type TestHost } from "../hosts/host.ts";
import { fingerprint, Rempart, type Told } from "./rempart.ts";
import { expectTruth } from "./truth.ts";

/** Real builds of Debian's driver take minutes and fetch some hundred megabytes. */
const builds = process.env.REMPART_TEST_DKMS !== undefined;

const repository = { uri: "file:/srv/stand-in-repository", key: "/srv/stand-in-repository/key.asc" };

describe.each(["trixie", "bookworm"] as const)("nvidia on %s", (release) => {
  let host: TestHost;
  let rempart: Rempart;
  beforeAll(async () => {
    host = await startHost({ release, name: "proliant" });
    rempart = new Rempart("playbooks/proliant.yml", [host], {
      nginx: { server_name: "media.example.org" },
      nvidia: { toolkit: repository },
    });
    await standInRepository(host);
  });
  afterAll(() => host.stop());

  const part = ["--tags", "nvidia"];
  const refused = async (given: Readonly<Record<string, unknown>> = {}): Promise<string> => {
    const told = await rempart.with({ nvidia: given }).run(...part, "--check");
    expect(told.exitCode).not.toBe(0);
    return told.trouble;
  };

  test("a host without a card is not applicable and is not touched", async () => {
    const before = await fingerprint(host);
    const told = await rempart.run(...part);
    expect(told.exitCode, told.trouble).toBe(0);
    expect(told.changes).toEqual([]);
    expect(JSON.stringify(told.tasks)).toContain("not applicable: no NVIDIA card on the PCI bus");
    expect(await fingerprint(host)).toBe(before);
  });

  test("a card without a display is found; one of a virtual machine, an unknown one and a wrong branch are refused", async () => {
    await recordedCard(host, { device: "0x1eb8" });
    expect(await refused()).toContain("no branch for the card 10de:1eb8");
    await recordedCard(host, { driver: "vfio-pci" });
    expect(await refused()).toContain("held by vfio-pci");
    await recordedCard(host, {});
    expect(await refused({ branch: release === "trixie" ? "debian" : "tesla-535" })).toContain("is not for this system");
    expect(await refused({ branch: "nvidia-580" })).toContain("nvidia.driver_repository");
    expect(await refused({ toolkit: { uri: "" } })).toContain("nvidia.toolkit.uri");
  });

  test("a check of the bare host reaches its end and writes nothing", async () => {
    await recordedCard(host, {});
    const before = await fingerprint(host);
    const check = await rempart.run(...part, "--check");
    expect(check.exitCode, check.trouble).toBe(0);
    expect(check.changes).toContain("nvidia : Install the driver without a desktop");
    expect(await fingerprint(host)).toBe(before);
  });

  test("the toolkit comes from its signed repository, all four packages in the one version", async () => {
    const only = ["--tags", "nvidia-toolkit"];
    const first = await rempart.run(...only);
    expect(first.exitCode, first.trouble).toBe(0);
    const versions = "dpkg-query -W 'nvidia-container*' 'libnvidia-container*'";
    expect(await host.out(versions)).toBe(
      ["libnvidia-container-tools", "libnvidia-container1", "nvidia-container-toolkit", "nvidia-container-toolkit-base"]
        .map((name) => `${name}\t1.20.0-1`)
        .join("\n"),
    );
    expect((await rempart.run(...only)).changes).toEqual([]);
    await host.out("echo tampered >> /srv/stand-in-repository/Packages && apt-get clean && rm -rf /var/lib/apt/lists/*stand-in*");
    expect(
      (
        await host.exec(
          "apt-get update -o Dir::Etc::sourcelist=/etc/apt/sources.list.d/rempart-nvidia-container-toolkit.sources -o Dir::Etc::sourceparts=-",
        )
      ).exitCode,
    ).not.toBe(0);
    await standInRepository(host);
  });

  test.skipIf(!builds)(
    "the driver is installed and built for the kernel of its release, and the second run changes nothing (REMPART_TEST_DKMS)",
    async () => {
      await recordedCard(host, {});
      await host.out("apt-get install -y --no-install-recommends linux-headers-amd64 > /dev/null");
      const kernel = await host.out("ls /lib/modules | grep -- -amd64 | tail -n 1");
      const real = rempart.with({ nvidia: { kernel } });
      const check: Told = await real.run(...part, "--check");
      const first = await real.run(...part);
      expectTruth(`nvidia on ${release}`, check, first);
      expect(await host.out(`ls /lib/modules/${kernel}/updates/dkms`)).toMatch(/nvidia.*\.ko/);
      const second = await real.run(...part);
      expect(second.exitCode, second.trouble).toBe(0);
      expect(second.changes).toEqual([]);
      await host.out("rm /etc/modprobe.d/rempart-nvidia.conf");
      const drift = await real.run(...part, "--check");
      expect(drift.changes).toContain("nvidia : Turn the free driver off, which cannot encode");
      expect((await real.run(...part)).exitCode).toBe(0);
      expect((await real.run(...part)).changes).toEqual([]);
    },
    1_800_000,
  );
});

/** A recorded tree of sysfs with one card, mounted over the real one. */
async function recordedCard(host: TestHost, card: { readonly device?: string; readonly driver?: string }): Promise<void> {
  const { device = "0x1bb3", driver } = card;
  const tree = "/srv/recorded-pci";
  await host.out(`
    umount /sys/bus/pci/devices 2>/dev/null
    rm -rf ${tree} && mkdir -p ${tree}/0000:08:00.0 && cd ${tree}/0000:08:00.0 &&
    echo 0x10de > vendor && echo ${device} > device && echo 0x030200 > class &&
    ${driver === undefined ? "true" : `ln -s ../../drivers/${driver} driver`} &&
    mount --bind ${tree} /sys/bus/pci/devices`);
}

/** A signed repository whose packages have the toolkit's names and nothing in them. */
async function standInRepository(host: TestHost): Promise<void> {
  await host.out(`
    export GNUPGHOME=/srv/stand-in-gnupg
    rm -rf /srv/stand-in-repository && mkdir -p /srv/stand-in-repository && cd /srv/stand-in-repository &&
    for p in nvidia-container-toolkit nvidia-container-toolkit-base libnvidia-container-tools libnvidia-container1; do
      for v in 1.20.0-1 1.21.0-1; do
        mkdir -p b/DEBIAN && printf 'Package: %s\\nVersion: %s\\nArchitecture: amd64\\nMaintainer: stand-in <nobody@example.org>\\nDescription: stand-in for the toolkit\\n' $p $v > b/DEBIAN/control &&
        dpkg-deb -b b "$p"_"$v"_amd64.deb > /dev/null || exit 1
      done
    done
    rm -rf b
    command -v gpg > /dev/null || apt-get install -y --no-install-recommends gpg > /dev/null
    if [ ! -d "$GNUPGHOME" ]; then mkdir -m 700 "$GNUPGHOME" && gpg --batch --quiet --passphrase '' --quick-generate-key 'stand-in <nobody@example.org>' ed25519 sign never; fi
    gpg --armor --export > key.asc &&
    for f in *.deb; do
      dpkg-deb -f "$f" && printf 'Filename: ./%s\\nSize: %s\\nSHA256: %s\\n\\n' "$f" "$(stat -c %s "$f")" "$(sha256sum < "$f" | cut -d' ' -f1)"
    done > Packages &&
    { printf 'Origin: stand-in\\nSuite: ./\\nDate: %s\\nSHA256:\\n' "$(LC_ALL=C date -Ru)"; printf ' %s %s Packages\\n' "$(sha256sum < Packages | cut -d' ' -f1)" "$(stat -c %s Packages)"; } > Release &&
    gpg --batch --yes --quiet --clearsign -o InRelease Release && chmod -R a+rX /srv/stand-in-repository`);
}
