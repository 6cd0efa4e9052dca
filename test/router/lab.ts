import type { TestHost } from "../hosts/host.ts";

/** A router between two networks, all inside one test host: the host itself forwards between the namespaces `lan` and `wan`. */
export const lab = {
  wan: { interface: "wan0", address: "203.0.113.1" },
  lan: { interface: "lan0", address: "192.168.77.1", machine: "192.168.77.10", mac: "02:00:00:00:00:0a", machine6: "2001:db8:77::10" },
  ports: [20443, 20444, 21000],
} as const;

/** Answers on the ports with `ADDRESS:PORT`, by IPv4 and IPv6. */
const server = `
use strict; use IO::Socket::IP; use IO::Select;
my @all = map { my $port = $_; map { IO::Socket::IP->new(LocalHost => $_, LocalPort => $port, Listen => 5, ReuseAddr => 1, V6Only => 1) or die "$_ $port: $@" } @ARGV[0, 1] } @ARGV[2 .. $#ARGV];
my $select = IO::Select->new(@all);
while (1) { for my $one ($select->can_read) { my $c = $one->accept or next; print $c $c->sockhost . ":" . $c->sockport . "\\n"; close $c } }
`;

const six = "net.ipv6.conf.all.disable_ipv6=0 net.ipv6.conf.default.disable_ipv6=0";

/** The network of the provider, with a client in it, behind the interface wan0 of the host. `network`: its first three numbers. */
export async function layWan(host: TestHost, network = "203.0.113"): Promise<void> {
  const { wan } = lab;
  await host.out(`set -e
sysctl -q -w ${six} net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
ip netns add wan; ip netns exec wan sysctl -q -w ${six}
ip link add ${wan.interface} type veth peer name w0 netns wan
ip addr add ${network}.1/24 dev ${wan.interface}; ip addr add 2001:db8:ff::1/64 dev ${wan.interface} nodad; ip link set ${wan.interface} up
ip -n wan addr add ${network}.2/24 dev w0; ip -n wan addr add 2001:db8:ff::2/64 dev w0 nodad; ip -n wan link set w0 up; ip -n wan link set lo up
ip -n wan -6 route add 2001:db8:77::/64 via 2001:db8:ff::1`);
}

/** The LAN behind the interface lan0 of the host, with a machine in it that answers. */
export async function layLan(host: TestHost): Promise<void> {
  const { lan } = lab;
  await host.out(`set -e
ip netns add lan; ip netns exec lan sysctl -q -w ${six}
ip link add ${lan.interface} type veth peer name l0 netns lan
ip addr add ${lan.address}/24 dev ${lan.interface}; ip addr add 2001:db8:77::1/64 dev ${lan.interface} nodad; ip link set ${lan.interface} up
ip -n lan link set l0 address ${lan.mac}; ip -n lan addr add ${lan.machine}/24 dev l0; ip -n lan addr add ${lan.machine6}/64 dev l0 nodad; ip -n lan link set l0 up; ip -n lan link set lo up
ip -n lan route add default via ${lan.address}; ip -n lan -6 route add default via 2001:db8:77::1`);
  await answerOn(host, [lan.machine, lan.machine6], "ip netns exec lan");
}

/** Starts what answers on the ports at these two addresses of the host, or of a namespace in it. */
export async function answerOn(host: TestHost, addresses: readonly [string, string], within = ""): Promise<void> {
  await host.out(`cat > /run/machine.pl <<'PERL'
${server}
PERL
systemd-run -q --unit=lan-machine ${within} perl /run/machine.pl ${addresses.join(" ")} 443 ${lab.ports.join(" ")}`);
}

/** What answers a client outside: `ADDRESS:PORT` of the machine that got the packet, empty when nobody does. */
export async function fromOutside(host: TestHost, port: number, address: string = lab.wan.address): Promise<string> {
  const done = await host.exec(["ip", "netns", "exec", "wan", "timeout", "3", "bash", "-c", `head -n 1 < /dev/tcp/${address}/${port}`]);
  return done.exitCode === 0 ? done.stdout.trim() : "";
}

/** The shell that runs \`program\` with these words dies at the nth time: before the program did its work, or behind it. */
export async function cutAt(host: TestHost, program: string, words: string, write: number, when: "before" | "after"): Promise<void> {
  await host.out(`real=$(PATH=/usr/sbin:/usr/bin command -v ${program})
echo ${write} > /run/cut; chmod 666 /run/cut
cat > /usr/local/sbin/${program} <<CUT
#!/bin/sh
case "\\$*" in ${words})
  n=\\$((\\$(cat /run/cut) - 1)); echo \\$n > /run/cut
  if [ \\$n = 0 ]; then ${when === "after" ? `$real "\\$@"; ` : ""}kill -9 \\$PPID; exit 1; fi ;;
esac
exec $real "\\$@"
CUT
chmod 755 /usr/local/sbin/${program}`);
}
