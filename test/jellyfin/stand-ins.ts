import type { TestHost } from "../hosts/attached.ts";

/** A NAS that is not there: what would be on its share lies in a folder of the host. */
export interface NasStandIn {
  /** Puts the file on the share that says that it is the right one. */
  mark(): Promise<void>;
  down(): Promise<void>;
  up(): Promise<void>;
}

/**
 * A stand-in for mount.nfs4, as the kernel here may have no NFS: it takes what the real one takes, and mounts memory with what is on the
 * share. It wants a share of the host `nas`, read-only.
 */
export async function nfsStandIn(host: TestHost, files: readonly string[]): Promise<NasStandIn> {
  const share = "/srv/stand-in-nas";
  const program = `#!/bin/sh
src=$1 dir=$2 opts=
shift 2
while [ $# -gt 0 ]; do
  case $1 in
    -o) opts=$2; shift 2 ;;
    -[rwvnsf]) shift ;;
    *) echo "mount.nfs4: what is $1?" >&2; exit 1 ;;
  esac
done
case $src in nas:/?*) ;; *) echo "mount.nfs4: Failed to resolve server \${src%%:*}: Name or service not known" >&2; exit 32 ;; esac
case ,$opts, in *,ro,*) ;; *) echo "mount.nfs4: access denied by server while mounting $src" >&2; exit 32 ;; esac
case ,$opts, in *,remount,*) exec mount -i -t tmpfs -o remount,ro,nosuid,nodev,noexec "$src" "$dir" ;; esac
[ -d ${share} ] || { echo "mount.nfs4: Connection timed out for $src on $dir" >&2; exit 32; }
mount -i -t tmpfs -o nosuid,nodev,noexec "$src" "$dir" && cp -a ${share}/. "$dir" && exec mount -i -t tmpfs -o remount,ro,nosuid,nodev,noexec "$src" "$dir"
`;
  await host.out(`
    dpkg-divert --quiet --local --rename --divert /usr/sbin/mount.nfs4.real --add /usr/sbin/mount.nfs4 &&
    cat > /usr/sbin/mount.nfs4 <<'PROGRAM'
${program}PROGRAM
    chmod 755 /usr/sbin/mount.nfs4
    for f in ${files.join(" ")}; do mkdir -p "${share}/$(dirname "$f")" && echo stand-in > "${share}/$f"; done`);
  return {
    mark: async () => void (await host.out(`umount /srv/media; touch ${share}/.rempart-media`)),
    down: async () => void (await host.out(`mv ${share} ${share}.down`)),
    up: async () => void (await host.out(`mv ${share}.down ${share}`)),
  };
}

/** A recorded tree of sysfs with a Tesla P4, mounted over the real one. */
export async function recordedCard(host: TestHost): Promise<void> {
  await host.out(`
    mkdir -p /srv/recorded-pci/0000:08:00.0 && cd /srv/recorded-pci/0000:08:00.0 &&
    echo 0x10de > vendor && echo 0x1bb3 > device && echo 0x030200 > class && mount --bind /srv/recorded-pci /sys/bus/pci/devices`);
}

/** What NVIDIA's toolkit would write for the engine; the card is /dev/null. */
export async function cdiStandIn(host: TestHost): Promise<void> {
  const node = { path: "/dev/stand-in-card", hostPath: "/dev/null" };
  const spec = { cdiVersion: "0.6.0", kind: "nvidia.com/gpu", devices: [{ name: "all", containerEdits: { deviceNodes: [node] } }] };
  await host.out(["sh", "-c", 'mkdir -p /etc/cdi && printf %s "$1" > /etc/cdi/stand-in.json', "sh", JSON.stringify(spec)]);
}

/** A real Samba on a host, with the share `media` for the account `player`, which may only read. */
export async function sambaShare(nas: TestHost, password: string, files: Readonly<Record<string, string>>): Promise<void> {
  const put = Object.entries(files).map(
    ([name, text]) => `mkdir -p "/srv/media/$(dirname ${name})" && printf %s '${text}' > /srv/media/${name} &&`,
  );
  await nas.out(`
    DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends samba > /dev/null &&
    ${put.join("\n")}
    printf '[global]\\nserver role = standalone server\\nmap to guest = never\\nserver min protocol = SMB3\\n[media]\\npath = /srv/media\\nread only = yes\\nvalid users = player\\n' > /etc/samba/smb.conf &&
    useradd --no-create-home --shell /usr/sbin/nologin player && printf '%s\\n%s\\n' '${password}' '${password}' | smbpasswd -s -a player > /dev/null &&
    systemctl restart smbd`);
}

/**
 * A stand-in for mount.cifs, as the kernel here may have no SMB: it asks for the share by smbclient, with the file of credentials that the
 * options name, and mounts memory with what it got.
 */
export async function smbStandIn(host: TestHost): Promise<void> {
  const program = `#!/bin/sh
src=$1 dir=$2 opts=
shift 2
while [ $# -gt 0 ]; do
  case $1 in
    -o) opts=$2; shift 2 ;;
    -[rwvnsf]) shift ;;
    *) echo "mount.cifs: what is $1?" >&2; exit 1 ;;
  esac
done
case ,$opts, in *,ro,*) ;; *) echo "mount error(13): the share is not for writing" >&2; exit 32 ;; esac
credentials=$(printf %s "$opts" | tr , '\\n' | sed -n 's/^credentials=//p')
[ "$(stat -c '%a %U' "$credentials")" = '600 root' ] || { echo "mount error: $credentials is not root's alone" >&2; exit 2; }
got=$(mktemp -d) && cd "$got" && smbclient -A "$credentials" "$src" -c 'recurse on; prompt off; mget *' >&2 || exit 32
mount -i -t tmpfs -o nosuid,nodev,noexec "$src" "$dir" && cp -r "$got"/. "$dir" && chmod -R a+rX "$dir" && rm -r "$got" &&
exec mount -i -t tmpfs -o remount,ro,nosuid,nodev,noexec "$src" "$dir"
`;
  await host.out(`
    DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends smbclient > /dev/null &&
    for at in /usr/sbin /sbin; do dpkg-divert --quiet --local --rename --divert $at/mount.cifs.real --add $at/mount.cifs; done &&
    cat > /usr/sbin/mount.cifs <<'PROGRAM'
${program}PROGRAM
    chmod 755 /usr/sbin/mount.cifs`);
}
