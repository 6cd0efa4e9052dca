import type { TestHost } from "./attached.ts";
import { type SignedRepository, signedRepository } from "./signed-repository.ts";

/** The kernel that the stand-ins below claim to be built for. */
export const standInKernel = "6.1.0-stand-in";

const others = ["nvidia-driver-cuda", "libnvidia-encode1", "libnvcuvid1", "nvidia-persistenced"];

/**
 * NVIDIA's own repository as a stand-in on the host itself: packages with nothing in them but a file in the place of the module, which is
 * missing in a version that could not be built. Each call adds a version.
 */
export async function offerDriver(host: TestHost, version: string, built = true): Promise<SignedRepository> {
  const module = `b/usr/lib/modules/${standInKernel}/updates/dkms`;
  await host.out(`
    mkdir -p /srv/stand-in-driver/b/DEBIAN && cd /srv/stand-in-driver &&
    ${built ? `mkdir -p ${module} && touch ${module}/nvidia-stand-in.ko &&` : ""}
    printf 'Package: nvidia-kernel-dkms\\nVersion: ${version}\\nArchitecture: all\\nMaintainer: stand-in <nobody@example.org>\\nDescription: stand-in\\n' > b/DEBIAN/control &&
    dpkg-deb -b b nvidia-kernel-dkms_${version}.deb > /dev/null && rm -rf b`);
  return signedRepository(
    host,
    "driver",
    others.map((name) => `${name}=${version}`),
  );
}
