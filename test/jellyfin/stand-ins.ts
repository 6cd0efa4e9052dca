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
