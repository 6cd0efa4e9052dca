import type { TestHost } from "./attached.ts";

/** A flat repository of Debian packages on a test host, signed by a key of its own: it stands in for one of a vendor. */
export interface SignedRepository {
  /** For `uris`; its suite is `/`. */
  readonly uri: string;
  /** Path of the armoured key on the host. */
  readonly key: string;
  readonly folder: string;
}

/** Signs what lies in `/srv/stand-in-NAME`, so that apt takes it. `packages`: `name=version` of packages with nothing in them, made first. */
export async function signedRepository(host: TestHost, name: string, packages: readonly string[] = []): Promise<SignedRepository> {
  const folder = `/srv/stand-in-${name}`;
  await host.out(`mkdir -p ${folder} && cd ${folder} && ${packages.map(emptyPackage).join("")} true`);
  await host.out(`
    export GNUPGHOME=/srv/stand-in-gnupg DEBIAN_FRONTEND=noninteractive && cd ${folder} &&
    { [ -e /usr/bin/gpg-agent ] || apt-get install -qq -y --no-install-recommends gpg gpg-agent > /dev/null; } &&
    if [ ! -d "$GNUPGHOME" ]; then mkdir -m 700 "$GNUPGHOME" && gpg --batch --quiet --passphrase '' --quick-generate-key 'stand-in <nobody@example.org>' ed25519 sign never; fi &&
    gpg --armor --export > key.asc &&
    for f in *.deb; do
      dpkg-deb -f "$f" && printf 'Filename: ./%s\\nSize: %s\\nSHA256: %s\\n\\n' "$f" "$(stat -c %s "$f")" "$(sha256sum < "$f" | cut -d' ' -f1)"
    done > Packages &&
    { printf 'Origin: stand-in\\nDate: %s\\nSHA256:\\n' "$(LC_ALL=C date -Ru)"; printf ' %s %s Packages\\n' "$(sha256sum < Packages | cut -d' ' -f1)" "$(stat -c %s Packages)"; } > Release &&
    gpg --batch --yes --quiet --clearsign -o InRelease Release && rm Release && chmod -R a+rX ${folder}; r=$?; gpgconf --kill all; exit $r`);
  return { uri: `file://${folder}`, key: `${folder}/key.asc`, folder };
}

function emptyPackage(pinned: string): string {
  const [name = "", version = ""] = pinned.split("=");
  const control = `Package: ${name}\\nVersion: ${version}\\nArchitecture: all\\nMaintainer: stand-in <nobody@example.org>\\nDescription: stand-in with nothing in it\\n`;
  return `mkdir -p b/DEBIAN && printf '${control}' > b/DEBIAN/control && dpkg-deb -b b ${name}_${version}.deb > /dev/null && rm -rf b && `;
}
