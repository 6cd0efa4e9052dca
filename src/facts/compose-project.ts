import { defineFact, NoAnswer } from "../kernel/fact.ts";
import { joinShell, type Shell, sh } from "../kernel/sh.ts";
import { type InEnvironment, surrounded } from "./environment.ts";
import { readRecords, wholeNumber } from "./lines.ts";
import type { Records } from "./records.ts";

/** A container of a compose project. */
export interface ComposeContainer {
  readonly service: string;
  /** The hash of the configuration that it was made from. */
  readonly hash: string;
  /** running, exited, restarting, created, paused, dead. */
  readonly state: string;
  readonly exitCode: number;
  /** healthy, unhealthy, starting, or none without a health check. */
  readonly health: string;
  /** no, always, unless-stopped, on-failure. */
  readonly restart: string;
  readonly startedAt: string;
  /** The image as the files had it when the container was made. */
  readonly image: string;
}

/** A compose project: what its files say, and what runs. */
export interface ComposeProject {
  /** False when the folder or the compose file is not there. */
  readonly present: boolean;
  /** Why compose refuses the files, "" when it takes them. */
  readonly error: string;
  /** The hash of each service as the files have it now. null in a prediction. */
  readonly services: Readonly<Record<string, string>> | null;
  /** The image of each service as the files have it now; empty while the containers are those of the files. */
  readonly images: Readonly<Record<string, string>>;
  readonly containers: readonly ComposeContainer[];
}

export interface ComposeKey extends InEnvironment {
  /** Folder of the project, absolute. */
  readonly src: string;
  readonly project?: string;
  /** Compose files, relative to the folder; compose looks for its usual names when there are none. */
  readonly files: readonly string[];
  readonly profiles: readonly string[];
}

/** The words in front of every compose command of this project. */
export function composeWords(key: ComposeKey): string[] {
  const inFolder = (file: string): string => (file.startsWith("/") ? file : `${key.src}/${file}`);
  return [
    "docker",
    "compose",
    "--project-directory",
    key.src,
    ...(key.project === undefined ? [] : ["-p", key.project]),
    ...key.files.flatMap((f) => ["-f", inFolder(f)]),
    ...key.profiles.flatMap((p) => ["--profile", p]),
  ];
}

const labels = ["service", "config-hash", "oneoff"].map((label) => `{{index .Config.Labels "com.docker.compose.${label}"}}`);
const format = [
  ...labels,
  "{{.State.Status}}",
  "{{.State.ExitCode}}",
  "{{if .State.Health}}{{.State.Health.Status}}{{else}}none{{end}}",
  '{{or .HostConfig.RestartPolicy.Name "no"}}',
  "{{.State.StartedAt}}",
  "{{.Config.Image}}",
].join(" ");

/** `composeProject({ src: "/srv/media", files: [], profiles: [] })`: asked after a step until it has held for two seconds. */
export const composeProject = defineFact<ComposeKey, ComposeProject>({
  kind: "compose_project",
  summary: "A compose project: the services in its files, and the state and health of its containers.",
  object: (key) => `${key.src}${key.project === undefined ? "" : ` (${key.project})`}`,
  settle: { hold: 2, within: 90 },
  script: (keys) => sh`_why=
if ! command -v docker >/dev/null 2>&1; then _why='Docker is not installed on this host'
elif ! docker compose version >/dev/null 2>&1; then _why='docker has no compose plugin on this host: install docker-compose-plugin (from the repository of Docker) or docker-compose (Debian 13 and later)'
fi
${joinShell(keys.map((key) => surrounded(key, askOne(key))))}`,
  read: (stdout, keys) => readRecords("compose_project", stdout, keys, readProject),
  absent: ({ containers }) => containers.length === 0,
  brought: () => noProject,
  enough: () => true,
  ifChanged: (key, _value, object) =>
    object.startsWith(`path ${key.src}/`) || key.files.some((f) => object === `path ${f}`)
      ? new NoAnswer("what its files will say is not known yet")
      : undefined,
  write(_key, p) {
    if (!p.present) return "-\n";
    if (p.error !== "") return `e${p.error}\n`;
    if (p.services === null) return undefined;
    const services = Object.entries(p.services).map(([name, hash]) => `${name} ${hash} ${p.images[name] ?? "-"}`);
    const containers = p.containers.map((c) =>
      [c.service, c.hash, c.state, c.exitCode, c.health, c.restart, c.startedAt, c.image].join(" "),
    );
    return [`=${services.length} ${containers.length}`, ...services, ...containers, ""].join("\n");
  },
});

/** The image of each service, from the files as compose understands them: two blanks before a service, four before what it has. */
const imagesIn = `
/^[^ ]/ { within = ($1 == "services:"); next }
within && /^  [^ ].*:$/ { name = $1; gsub(/[":]/, "", name) }
within && /^    image: / { image = $2; gsub(/["\\047]/, "", image); print name, image }`.trim();

function askOne(key: ComposeKey): Shell {
  const words = composeWords(key);
  return sh`if [ -n "$_why" ]; then echo "!$_why"
elif [ ! -d ${key.src} ]; then echo -
elif ! _s=$(${words} config --hash='*' 2>&1); then
  case $_s in *'no configuration file provided'*|*'no such file or directory'*) echo - ;; *) printf 'e%s\n' "$(printf '%s' "$_s" | tail -n 1)" ;; esac
else
  _s=$(${words} config --hash='*' 2>/dev/null | sort)
  _c=$(${words} ps -aq 2>/dev/null)
  if [ -n "$_c" ]; then _c=$(docker inspect --format ${format} $_c 2>/dev/null | awk 'NF == 9 && $3 != "True" { print $1, $2, $4, $5, $6, $7, $8, $9 }' | sort); fi
  _i=
  if [ -n "$_s" ] && [ "$(printf '%s\n' "$_c" | cut -d ' ' -f 1,2 | sort -u)" != "$_s" ]; then _i=$(${words} config 2>/dev/null | awk ${imagesIn}); fi
  _s=$(printf '%s\n-\n%s\n' "$_i" "$_s" | awk '$0 == "-" { told = 1; next } !told { image[$1] = $2; next } NF { print $1, $2, ($1 in image) ? image[$1] : "-" }')
  echo "=$(printf '%s' "$_s" | grep -c .) $(printf '%s' "$_c" | grep -c .)"
  if [ -n "$_s" ]; then printf '%s\n' "$_s"; fi
  if [ -n "$_c" ]; then printf '%s\n' "$_c"; fi
fi`;
}

export const noProject: ComposeProject = { present: false, error: "", services: {}, images: {}, containers: [] };

function readProject(first: string, records: Records): ComposeProject {
  if (first === "-") return noProject;
  if (first.startsWith("e")) return { ...noProject, present: true, error: first.slice(1) };
  const [services = "", containers = ""] = first.slice(1).split(" ");
  const said = Array.from({ length: wholeNumber(services) }, () => records.line().split(" "));
  return {
    present: true,
    error: "",
    services: Object.fromEntries(said.map(([name = "", hash = ""]) => [name, hash])),
    images: Object.fromEntries(said.flatMap(([name = "", , image = "-"]) => (image === "-" ? [] : [[name, image]]))),
    containers: Array.from({ length: wholeNumber(containers) }, () => readContainer(records.line())),
  };
}

function readContainer(line: string): ComposeContainer {
  const [service = "", hash = "", state = "", exitCode = "", health = "", restart = "", startedAt = "", image = ""] = line.split(" ");
  return { service, hash, state, exitCode: wholeNumber(exitCode), health, restart, startedAt, image };
}
