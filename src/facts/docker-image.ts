import { defineFact } from "../kernel/fact.ts";
import { sh } from "../kernel/sh.ts";
import { readRecords, tabFields } from "./lines.ts";

/** An image of the Docker engine. */
export interface DockerImage {
  readonly present: boolean;
  /** `sha256:...`; "" in a prediction: known once it is there. */
  readonly id: string;
  /** `name@sha256:...`: what registries call it. Empty for one that was loaded or built. */
  readonly digests: readonly string[];
  /** The label by which a build knows its context. */
  readonly context: string;
}

export const noDockerImage: DockerImage = { present: false, id: "", digests: [], context: "" };

/** The label that a build of ours sets. */
export const contextLabel = "rempart.context";

const format = `{{.Id}}\t{{range .RepoDigests}}{{.}} {{end}}\t{{with .Config}}{{with .Labels}}{{index . "${contextLabel}"}}{{end}}{{end}}`;

/** `dockerImage("jellyfin/jellyfin:10.11.0")`: by name and tag, name and digest, or id. */
export const dockerImage = defineFact<string, DockerImage>({
  kind: "docker_image",
  summary: "An image of the Docker engine: its id, the digests that registries call it by, and what it was built from.",
  object: (reference) => reference,
  script: (
    references,
  ) => sh`if ! command -v docker >/dev/null 2>&1; then for _n in ${references}; do echo '!Docker is not installed on this host'; done
else for _n in ${references}; do
  if _t=$(docker image inspect --format ${format} "$_n" 2>&1); then printf '%s\n' "$_t"
  else case $_t in *'o such image'*) echo - ;; *) printf '!docker: %s\n' "$(printf %s "$_t" | tail -n 1)" ;; esac; fi
done; fi`,
  read: (stdout, references) => readRecords("docker_image", stdout, references, (line) => (line === "-" ? noDockerImage : readImage(line))),
  absent: ({ present }) => !present,
  brought: () => noDockerImage,
  enough: () => true,
  write(_reference, { present, id, digests, context }) {
    if (!present) return "-\n";
    return id === "" ? undefined : `${id}\t${digests.map((d) => `${d} `).join("")}\t${context}\n`;
  },
});

function readImage(line: string): DockerImage {
  const [id = "", digests = "", context = ""] = tabFields(line, 3);
  return { present: true, id, digests: digests.split(" ").filter((d) => d !== ""), context };
}
