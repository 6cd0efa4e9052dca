import { afterAll, beforeAll, expect, test } from "vitest";
import { startHost, type TestHost } from "../hosts/host.ts";
import { Rempart } from "../roles/rempart.ts";
import { describeRouter, type RouterUnderTest, runOn } from "./conformance.ts";
import { answerOn, cutAt, fromOutside, lab, layWan } from "./lab.ts";

let router: TestHost;
let machine: TestHost;
let igd: string;
/** The daemon serves no address that is kept for documentation or private use. This one is reached nowhere but in the test. */
const outside = "100.128.7";

/** Debian's miniupnpd between the test hosts' bridge and a network of a provider. It opens ports only for who asks (secure_mode). */
beforeAll(async () => {
  [router, machine] = await Promise.all([
    startHost({ release: "trixie", name: "router" }),
    startHost({ release: "trixie", name: "machine" }),
  ]);
  const install = (host: TestHost, names: string): Promise<string> =>
    host.out(`DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends ${names}`);
  await Promise.all([install(router, "nftables miniupnpd-nftables"), install(machine, "curl")]);
  await layWan(router, outside);
  igd = `http://${router.address}:5555/rootDesc.xml`;
  await router.out(`set -e
systemctl disable -q --now miniupnpd 2>/dev/null || true
nft -f - <<'NFT'
table inet upnp {
  chain forward { type filter hook forward priority 0; policy accept; }
  chain prerouting { type nat hook prerouting priority -100; policy accept; }
  chain postrouting { type nat hook postrouting priority 100; policy accept; }
}
NFT
cat > /run/upnpd.conf <<CONF
ext_ifname=${lab.wan.interface}
listening_ip=eth0
http_port=5555
enable_natpmp=no
enable_upnp=yes
secure_mode=yes
system_uptime=yes
uuid=00000000-0000-0000-0000-000000000001
upnp_table_name=upnp
upnp_nat_table_name=upnp
upnp_forward_chain=forward
upnp_nat_chain=prerouting
upnp_nat_postrouting_chain=postrouting
allow 1024-65535 10.0.0.0/8 1-65535
deny 0-65535 0.0.0.0/0 0-65535
CONF
systemd-run -q --unit=upnpd miniupnpd -d -f /run/upnpd.conf`);
  await machine.out(`ip route add ${outside}.0/24 via ${router.address}`);
  await answerOn(machine, [machine.address, "127.0.0.1"]);
});
afterAll(async () => {
  await Promise.all([router?.stop(), machine?.stop()]);
});

/** Where the kernel sends packets to, as the daemon wrote it there: `ADDRESS:PORT`. */
async function targets(): Promise<readonly string[]> {
  const rules = await router.out("nft list chain inet upnp prerouting");
  return [...rules.matchAll(/dnat (?:ip )?to ([0-9.]+:\d+)/g)].map(([, to = ""]) => to).sort();
}

const soap = (action: string, words: string): string =>
  `printf '%s' '<?xml version="1.0"?><s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><u:${action} xmlns:u="urn:schemas-upnp-org:service:WANIPConnection:1">${words}</u:${action}></s:Body></s:Envelope>' | curl -s -H 'SOAPAction: "urn:schemas-upnp-org:service:WANIPConnection:1#${action}"' -H 'Content-Type: text/xml' --data-binary @- http://${router.address}:5555/ctl/IPConn`;

const add = (label: string, port: number, to: string): string =>
  soap(
    "AddPortMapping",
    `<NewRemoteHost></NewRemoteHost><NewExternalPort>${port}</NewExternalPort><NewProtocol>TCP</NewProtocol><NewInternalPort>${port}</NewInternalPort><NewInternalClient>${to}</NewInternalClient><NewEnabled>1</NewEnabled><NewPortMappingDescription>${label}</NewPortMappingDescription><NewLeaseDuration>0</NewLeaseDuration>`,
  );

async function truth(): Promise<readonly string[]> {
  const found: string[] = [];
  for (let i = 0; ; i++) {
    const entry = await machine.out(soap("GetGenericPortMappingEntry", `<NewPortMappingIndex>${i}</NewPortMappingIndex>`));
    const field = (name: string): string => new RegExp(`<New${name}>(.*?)</New${name}>`).exec(entry)?.[1] ?? "";
    if (field("ExternalPort") === "") break;
    found.push(
      `${field("Protocol").toLowerCase()} ${field("ExternalPort")} ${field("InternalClient")}:${field("InternalPort")} ${field("PortMappingDescription")}`,
    );
  }
  expect(found.map((line) => String(line.split(" ")[2])).sort(), "the daemon's list is in the kernel").toEqual(await targets());
  return found.sort();
}

function start(): RouterUnderTest {
  return {
    place: { driver: "upnp", igd },
    variables: machine.variables(),
    target: { to: machine.address, wrong: machine.address },
    ports: { one: 20443, two: 20444, foreign: 21000 },
    truth,
    writes: () => router.out("nft -a list table inet upnp | sed 's/counter packets.*bytes [0-9]*//' | sha256sum"),
    foreign: async (label, port, to) => void (await machine.out(add(label, port, to))),
    cut: (write, when) => cutAt(machine, "curl", '*PortMapping\\"*', write, when),
    arrives: (port) => fromOutside(router, port, `${outside}.1`),
    line: { ipv4: `${outside}.1`, ipv4_kind: "public", upnp: "on", ipv6_firewall: "unknown" },
    stop: async () => {},
  };
}

describeRouter("UPnP with Debian's miniupnpd", async () => start());

test("a careful router opens no port for another machine, and says so", async () => {
  const other = { router_forward: { name: "other", wan_port: 20500, to: router.address, static: true } };
  const done = await runOn(start(), [other]);
  expect(done.statuses).toEqual(["failed"]);
  expect(JSON.stringify(done.tasks[0])).toMatch(/718|606/);
});

test("the role opens the port, keeps it open with a timer, and takes it away", async () => {
  const rempart = new Rempart("playbooks/router.yml", [{ ...machine, name: "router" }], {
    router: {
      driver: "upnp",
      igd,
      forwards: [{ name: "https", wan_port: "20443", to: machine.address, static: true, comment: "for the proxy" }],
    },
  });
  const first = await rempart.run();
  expect(first.exitCode, first.trouble).toBe(0);
  const open = [`tcp 20443 ${machine.address}:20443 rempart: https - for the proxy`];
  expect(await truth()).toEqual(open);
  expect((await rempart.run()).changes).toEqual([]);
  // The router has forgotten.
  await router.out("systemctl restart upnpd; nft flush chain inet upnp prerouting");
  expect(await truth()).toEqual([]);
  await machine.out("systemctl start rempart-upnp-renew");
  expect(await truth()).toEqual(open);
  expect(await machine.out("systemctl is-enabled rempart-upnp-renew.timer")).toBe("enabled");
  const gone = await rempart.with({ router: { state: "absent" } }).run();
  expect(gone.exitCode, gone.trouble).toBe(0);
  expect(await truth()).toEqual([]);
});
