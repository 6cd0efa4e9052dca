import { defineFact } from "../kernel/fact.ts";
import { sh } from "../kernel/sh.ts";
import { readRecords, tabFields, wholeNumber } from "./lines.ts";

/** A network of the Docker engine. */
export interface DockerNetwork {
  readonly present: boolean;
  readonly driver: string;
  readonly internal: boolean;
  readonly ipv6: boolean;
  /** Address ranges as the engine says them: `{ Subnet, Gateway, IPRange }`. null in a prediction: the engine will choose. */
  readonly ipam: readonly Readonly<Record<string, unknown>>[] | null;
  readonly options: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
  /** Containers that are attached and run. */
  readonly containers: number;
}

export const noDockerNetwork: DockerNetwork = {
  present: false,
  driver: "",
  internal: false,
  ipv6: false,
  ipam: [],
  options: {},
  labels: {},
  containers: 0,
};

const fields = [".Name", ".Driver", ".Internal", ".EnableIPv6", "json .IPAM.Config", "json .Options", "json .Labels", "len .Containers"];
const format = fields.map((field) => `{{${field}}}`).join("\t");

/** `dockerNetwork("media")`: one `docker network inspect` for all names. */
export const dockerNetwork = defineFact<string, DockerNetwork>({
  kind: "docker_network",
  summary: "A network of the Docker engine: driver, address ranges, options, labels, and how many containers use it.",
  object: (name) => name,
  script: (
    names,
  ) => sh`if ! command -v docker >/dev/null 2>&1; then for _n in ${names}; do echo '!Docker is not installed on this host'; done
else docker network inspect --format ${format} ${names} 2>&1 | awk '
BEGIN { FS = "\t"; for (i = 1; i < ARGC; i++) { name[i] = ARGV[i]; ARGV[i] = "" } count = ARGC - 1 }
NF == 8 { known[$1] = substr($0, length($1) + 2); next }
!/not found|No such network/ && NF { if (trouble == "") trouble = $0 }
END { for (i = 1; i <= count; i++) if (trouble != "") print "!docker: " trouble; else if (name[i] in known) print known[name[i]]; else print "-" }' ${names}; fi`,
  read: (stdout, names) => readRecords("docker_network", stdout, names, (line) => (line === "-" ? noDockerNetwork : readNetwork(line))),
  absent: ({ present }) => !present,
  brought: () => noDockerNetwork,
  enough: () => true,
  write(_name, n) {
    if (!n.present) return "-\n";
    if (n.ipam === null) return undefined;
    return `${[n.driver, n.internal, n.ipv6, JSON.stringify(n.ipam), JSON.stringify(n.options), JSON.stringify(n.labels), n.containers].join("\t")}\n`;
  },
});

function readNetwork(line: string): DockerNetwork {
  const [driver = "", internal, ipv6, ipam = "", options = "", labels = "", containers = ""] = tabFields(line, 7);
  const strings = (text: string): Readonly<Record<string, string>> => (JSON.parse(text) as Readonly<Record<string, string>> | null) ?? {};
  return {
    present: true,
    driver,
    internal: internal === "true",
    ipv6: ipv6 === "true",
    ipam: (JSON.parse(ipam) as readonly Readonly<Record<string, unknown>>[] | null) ?? [],
    options: strings(options),
    labels: strings(labels),
    containers: wholeNumber(containers),
  };
}
