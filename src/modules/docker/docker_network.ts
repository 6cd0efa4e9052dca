import { z } from "zod";
import { type DockerNetwork, dockerNetwork as dockerNetworkFact, noDockerNetwork } from "../../facts/docker-network.ts";
import { type ChangedField, change } from "../../kernel/change.ts";
import { defineModule, refusal } from "../../kernel/module.ts";
import { exec } from "../../kernel/step.ts";

const strings = z
  .record(z.string().regex(/^[^=\s]+$/, "a name holds no = and no blanks"), z.union([z.string(), z.number(), z.boolean()]))
  .transform((map) => Object.fromEntries(Object.entries(map).map(([name, value]) => [name, String(value)])));
const range = z.union([z.cidrv4(), z.cidrv6()], "a range is written 172.30.0.0/24");
const address = z.union([z.ipv4(), z.ipv6()], "an address is written 172.30.0.1");

const args = z
  .strictObject({
    name: z
      .string()
      .regex(/^[A-Za-z0-9][A-Za-z0-9_.-]*$/, "a network is named with letters, digits and _ . -")
      .describe("Name of the network."),
    driver: z
      .string()
      .regex(/^[A-Za-z0-9][A-Za-z0-9_./:-]*$/, "a driver is a word such as bridge")
      .default("bridge")
      .describe("Driver of the network."),
    subnet: range.optional().describe("Range of addresses; the engine chooses when it is not given."),
    gateway: address.optional().describe("Address of the host in it; needs `subnet`."),
    iprange: range.optional().describe("Part of the subnet that containers get addresses from; needs `subnet`."),
    internal: z.boolean().default(false).describe("No way out of the network."),
    enable_ipv6: z.boolean().default(false).describe("IPv6 in the network."),
    driver_options: strings
      .optional()
      .describe("Options of the driver: `com.docker.network.bridge.name: br-media`. Only those that are given are compared."),
    labels: strings.optional().describe("Labels. Only those that are given are compared."),
    state: z.enum(["present", "absent"]).default("present").describe("Whether the network shall exist."),
  })
  .refine((a) => a.subnet !== undefined || (a.gateway === undefined && a.iprange === undefined), {
    error: "gateway and iprange need a `subnet`",
    path: ["subnet"],
  });

type Args = z.output<typeof args>;

/** A Docker network. */
export const dockerNetwork = defineModule({
  name: "docker_network",
  kind: "state",
  summary: "Create, replace or remove a network of the Docker engine.",
  notes: [
    "A network cannot be changed. One that differs is removed and made anew, and the task is refused while a running container uses it.",
  ],
  args,
  result: z.object({
    name: z.string().describe("Name of the network."),
    subnet: z.string().nullable().describe("Its first range of addresses."),
    gateway: z.string().nullable().describe("The host's address in it."),
  }),
  examples: [
    {
      title: "A network of its own, with a name for firewall rules",
      yaml: "docker_network: { name: media, subnet: 172.30.0.0/24, gateway: 172.30.0.1, driver_options: { com.docker.network.bridge.name: br-media } }",
    },
    { title: "No such network", yaml: "docker_network: { name: old, state: absent }" },
  ],
  facts: (a) => ({ network: dockerNetworkFact(a.name) }),
  plan(a, facts) {
    const now = facts.network.value;
    const subject = `docker network ${a.name}`;
    const remove = exec("docker", "network", "rm", a.name);
    const used = `network ${a.name} is used by ${now.containers} running container${now.containers === 1 ? "" : "s"}: stop them first (docker_compose with state: absent)`;
    if (a.state === "absent") {
      if (!now.present) return [];
      if (now.containers > 0) return refusal(used);
      return [{ ...change(facts.network, noDockerNetwork, { do: [remove], subject }), fields: removed(now) }];
    }
    const differing = now.present ? differences(a, now) : [];
    if (now.present && differing.length === 0) return [];
    if (now.containers > 0)
      return refusal(`${used}. It differs in ${differing.map((d) => d.name).join(", ")}, and a network can only be made anew`);
    const made: DockerNetwork = {
      present: true,
      driver: a.driver,
      internal: a.internal,
      ipv6: a.enable_ipv6,
      ipam: null,
      options: a.driver_options ?? {},
      labels: a.labels ?? {},
      containers: 0,
    };
    const planned = change(facts.network, made, {
      do: [...(now.present ? [remove] : []), exec("docker", "network", "create", ...createOptions(a), a.name)],
      opaque: true,
      subject,
    });
    const state = now.present
      ? { name: "state", before: "present", after: "made anew" }
      : { name: "state", before: undefined, after: "present" };
    return [{ ...planned, fields: [state, ...(now.present ? differing : differences(a, noDockerNetwork))] }];
  },
  resultOf(a, { after }) {
    const [first] = after.network.missing ? [] : (after.network.value.ipam ?? []);
    return { name: a.name, subnet: text(first?.Subnet), gateway: text(first?.Gateway) };
  },
});

function createOptions(a: Args): string[] {
  const pairs = (flag: string, map: Readonly<Record<string, string>> | undefined): string[] =>
    Object.entries(map ?? {}).flatMap(([name, value]) => [flag, `${name}=${value}`]);
  const one = (flag: string, value: string | undefined): string[] => (value === undefined ? [] : [flag, value]);
  return [
    "--driver",
    a.driver,
    ...one("--subnet", a.subnet),
    ...one("--gateway", a.gateway),
    ...one("--ip-range", a.iprange),
    ...(a.internal ? ["--internal"] : []),
    ...(a.enable_ipv6 ? ["--ipv6"] : []),
    ...pairs("--opt", a.driver_options),
    ...pairs("--label", a.labels),
  ];
}

function removed(now: DockerNetwork): ChangedField[] {
  const [first] = now.ipam ?? [];
  const values = { state: "present", driver: now.driver, subnet: first?.Subnet, gateway: first?.Gateway };
  return Object.entries(values).flatMap(([name, before]) => (before ? [{ name, before, after: undefined }] : []));
}

/** Only what was declared is compared. */
function differences(a: Args, now: DockerNetwork): ChangedField[] {
  const range = now.ipam === null ? undefined : (now.ipam.find((r) => r.Subnet === a.subnet) ?? now.ipam[0] ?? {});
  const pairs: [string, unknown, unknown][] = [
    ["driver", now.driver, a.driver],
    ["internal", now.internal, a.internal],
    ["enable_ipv6", now.ipv6, a.enable_ipv6],
    ...(range
      ? ([
          ["subnet", range.Subnet, a.subnet],
          ["gateway", range.Gateway, a.gateway],
          ["iprange", range.IPRange, a.iprange],
        ] as [string, unknown, unknown][])
      : []),
    ...Object.entries(a.driver_options ?? {}).map(([name, value]): [string, unknown, unknown] => [name, now.options[name], value]),
    ...Object.entries(a.labels ?? {}).map(([name, value]): [string, unknown, unknown] => [`label ${name}`, now.labels[name], value]),
  ];
  return pairs
    .filter(([, before, after]) => after !== undefined && before !== after)
    .map(([name, before, after]) => ({ name, before: now.present ? before : undefined, after }));
}

function text(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}
