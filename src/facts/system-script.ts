import { type Shell, sh } from "../kernel/sh.ts";

/**
 * Prints tagged lines of the files that say what a host is, raw, so that reading them is done here and not there.
 * A missing file prints nothing. The folder `root` stands before /sys only. Five processes, plus one per graphics card.
 */
export function systemScript(root: string): Shell {
  return sh`awk '
function dump(tag, file, pattern,   line) { while ((getline line < file) > 0) if (line ~ pattern) print tag "\t" line; close(file) }
BEGIN {
  dump("os", "/etc/os-release", "="); dump("os-lib", "/usr/lib/os-release", "=")
  dump("release", "/proc/sys/kernel/osrelease", "."); dump("hostname", "/proc/sys/kernel/hostname", "."); dump("hosts", "/etc/hosts", "^[^#]")
  dump("cpu", "/proc/cpuinfo", "^(processor|model name|flags|Features)[ \t]*:"); dump("memory", "/proc/meminfo", "^(MemTotal|SwapTotal):")
  dump("mount", "/proc/self/mounts", "."); dump("route4", "/proc/net/route", "."); dump("route6", "/proc/net/ipv6_route", "^0+ 00 ")
  dump("fib4", "/proc/net/fib_trie", "(\\|--|host LOCAL)"); dump("if6", "/proc/net/if_inet6", ".")
  dump("init", "/proc/1/comm", "."); dump("container", "/run/systemd/container", ".")
  dump("xen", ARGV[1] "/sys/hypervisor/type", "."); dump("vendor", ARGV[1] "/sys/class/dmi/id/sys_vendor", "."); dump("product", ARGV[1] "/sys/class/dmi/id/product_name", ".")
}' ${root}
printf 'machine\t%s\n' "$(uname -m)"
for _f in /.dockerenv /run/.containerenv /dev/lxd/sock /proc/vz /run/systemd/system; do if [ -e "$_f" ]; then printf 'exists\t%s\n' "$_f"; fi; done
for _f in apt-get opkg apk dnf yum pacman zypper; do if command -v "$_f" >/dev/null 2>&1; then printf 'packager\t%s\n' "$_f"; fi; done
for _d in ${root}/sys/bus/pci/devices/*; do
  _c=; { read -r _c < "$_d/class"; } 2>/dev/null
  case $_c in 0x03*)
    _v=; _m=; { read -r _v < "$_d/vendor"; read -r _m < "$_d/device"; } 2>/dev/null
    printf 'gpu\t%s\t%s\t%s\t%s\t%s\n' "$_d" "$_c" "$_v" "$_m" "$(readlink "$_d/driver" 2>/dev/null)" ;;
  esac
done
echo .`;
}
