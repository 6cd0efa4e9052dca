import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { offerDriver, standInKernel } from "../hosts/driver-repository.ts";
import { startHost, type TestHost } from "../hosts/host.ts";
import { signedRepository } from "../hosts/signed-repository.ts";
import { fingerprint, Rempart, type Told } from "./rempart.ts";
import { expectTruth } from "./truth.ts";

/** Real builds of Debian's driver take minutes and fetch some hundred megabytes. */
const builds = process.env.REMPART_TEST_DKMS !== undefined;

const toolkit = ["libnvidia-container-tools", "libnvidia-container1", "nvidia-container-toolkit", "nvidia-container-toolkit-base"];

describe.each(["trixie", "bookworm"] as const)("nvidia on %s", (release) => {
  let host: TestHost;
  let rempart: Rempart;
  beforeAll(async () => {
    host = await startHost({ release, name: "proliant" });
    const versions = ["1.20.0-1", "1.21.0-1"];
    const { uri, key } = await signedRepository(
      host,
      "toolkit",
      toolkit.flatMap((name) => versions.map((version) => `${name}=${version}`)),
    );
    rempart = new Rempart("playbooks/proliant.yml", [host], {
      nginx: { apps: [{ name: "media", host: "media.example.org", upstream: "127.0.0.1:8096" }] },
      nvidia: { toolkit: { uri, key } },
    });
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
    expect(await host.out(versions)).toBe(toolkit.map((name) => `${name}\t1.20.0-1`).join("\n"));
    expect((await rempart.run(...only)).changes).toEqual([]);
    await host.out("echo tampered >> /srv/stand-in-toolkit/Packages && apt-get clean && rm -rf /var/lib/apt/lists/*stand-in*");
    expect(
      (
        await host.exec(
          "apt-get update -o Dir::Etc::sourcelist=/etc/apt/sources.list.d/rempart-nvidia-container-toolkit.sources -o Dir::Etc::sourceparts=-",
        )
      ).exitCode,
    ).not.toBe(0);
    await signedRepository(host, "toolkit");
  });

  // On Debian 12 as well with REMPART_TEST_SLOW: only the branch of auto is another there.
  const whole = release === "trixie" || process.env.REMPART_TEST_SLOW !== undefined;
  describe.runIf(whole)("with a driver from NVIDIA's repository", () => {
    const old = "580.95.05-1";
    const next = "580.105.08-1";
    const upgrade = ["--tags", "upgrade", "--skip-tags", "nginx,docker"];
    const version = async () => {
      const told = await host.out("dpkg-query -W nvidia-kernel-dkms libnvcuvid1 nvidia-persistenced nvidia-container-toolkit | cut -f 2");
      return told.split("\n").toSorted();
    };
    let driver: Rempart;

    test("a run keeps to the branch and converges; an upgrade takes what is newer in it, also from hold, and a rerun changes nothing", async () => {
      const { uri, key } = await offerDriver(host, old);
      driver = rempart.with({ nvidia: { branch: "nvidia-580", kernel: standInKernel, driver_repository: { uri, key } } });
      await recordedCard(host, {});
      const first = await driver.run(...part);
      expect(first.exitCode, first.trouble).toBe(0);
      expect((await driver.run(...part)).changes).toEqual([]);
      await offerDriver(host, next);
      await offerDriver(host, "595.10.01-1");
      await host.out("apt-mark hold nvidia-kernel-dkms && apt-get update -qq");
      expect((await driver.run(...part)).changes).toEqual([]);
      driver = driver.with({ nvidia: { toolkit: { version: "1.21.0-1" } } });
      const check = await driver.run(...upgrade, "--check");
      expect(check.exitCode, check.trouble).toBe(0);
      expect(check.tasks.find((one) => one.task === "Take the newer packages")?.status).toMatch(/^(changed|maybe)$/);
      const done = await driver.run(...upgrade);
      expect(done.exitCode, done.trouble).toBe(0);
      expect(await version()).toEqual(["1.21.0-1", next, next, next].toSorted());
      expect(await host.out("apt-mark showhold")).toBe("nvidia-kernel-dkms");
      expect((await driver.run(...upgrade)).changes).toEqual([]);
      expect((await driver.run(...part)).changes).toEqual([]);
    });

    test("one that cannot be built is taken back, and one without a way back is not tried", async () => {
      await offerDriver(host, "580.126.09-1", false);
      await host.out("apt-get update -qq");
      const done = await driver.run(...upgrade);
      expect(done.exitCode).toBe(1);
      expect(done.trouble).toContain("the packages of before are back");
      expect(await version()).toEqual(["1.21.0-1", next, next, next].toSorted());
      expect(await host.out(`ls /lib/modules/${standInKernel}/updates/dkms`)).toBe("nvidia-stand-in.ko");
      expect(await host.out("apt-mark showhold")).toBe("nvidia-kernel-dkms");
      await host.out(`rm -r /var/backups/rempart-nvidia-* /srv/stand-in-driver/libnvcuvid1_${next}.deb`);
      await offerDriver(host, "580.126.10-1");
      await host.out("apt-get update -qq");
      const refused = await driver.run(...upgrade);
      expect(refused.exitCode).toBe(1);
      expect(refused.trouble).toContain(`libnvcuvid1=${next} any more, so there would be no way back`);
      expect(await version()).toEqual(["1.21.0-1", next, next, next].toSorted());
    });

    test("taken away it leaves nothing of the role, unless something else needs it; a run brings it back", async () => {
      const absent = driver.with({ nvidia: { state: "absent" } });
      await host.out(`mkdir -p /srv/somebody/b/DEBIAN && cd /srv/somebody && dpkg-deb -f /srv/stand-in-driver/libnvcuvid1_${old}.deb > b/DEBIAN/control &&
        sed -i 's/^Package: .*/Package: somebody/; /^Architecture/a Depends: libnvcuvid1' b/DEBIAN/control && dpkg-deb -b b somebody.deb && dpkg -i somebody.deb`);
      const refused = await absent.run(...part);
      expect(refused.trouble).toContain("needs somebody");
      expect(refused.changes).toEqual([]);
      await host.out("dpkg -P somebody");
      const check = await absent.run(...part, "--check");
      const done = await absent.run(...part);
      expect(done.exitCode, done.trouble).toBe(0);
      expect(done.changes).toEqual(check.changes);
      expect(await host.out("dpkg -l '*nvidia*' libnvcuvid1 2>/dev/null | grep -c ^ii; true")).toBe("0");
      expect(await host.out("grep -rlE 'Rempart, role nvidia|nvidia' /etc/apt /etc/modprobe.d 2>/dev/null; true")).toBe("");
      expect((await absent.run(...part)).changes).toEqual([]);
      const again = await driver.run(...part);
      expect(again.exitCode, again.trouble).toBe(0);
      if (builds) expect((await absent.run(...part)).exitCode).toBe(0);
    });
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
    4_500_000,
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
