import { contextLabel } from "../../facts/docker-image.ts";
import { type ExecStep, exec } from "../../kernel/step.ts";
import type { Secret } from "../../kernel/value.ts";
import { registryOf } from "./image-reference.ts";

export interface Login {
  readonly username: string;
  readonly password: Secret | string;
}

/** Arguments: USER REGISTRY REFERENCE; the password comes by stdin. What login writes down lives as long as the pull, in a folder of its own. */
const withLogin = `
[ ! -w /run ] || export TMPDIR=/run
DOCKER_CONFIG=$(mktemp -d) || exit 1
export DOCKER_CONFIG
trap 'rm -rf "$DOCKER_CONFIG"' EXIT
trap 'exit 1' HUP INT TERM
docker login --username "$1" --password-stdin \${2:+"$2"} >/dev/null && docker pull --quiet "$3"`.trim();

export function pullStep(reference: string, name: string, login: Login | undefined): ExecStep {
  if (!login) return { ...exec("docker", "pull", "--quiet", reference), timeout: 1800 };
  const argv = ["sh", "-c", withLogin, "sh", login.username, registryOf(name), reference];
  return { do: "exec", argv, stdin: login.password, timeout: 1800 };
}

export interface Build {
  readonly path: string;
  readonly dockerfile: string;
  readonly args: Readonly<Record<string, string>>;
  readonly pull: boolean;
}

export function buildStep(reference: string, { path, dockerfile, args, pull }: Build, context: string): ExecStep {
  const given = Object.entries(args).flatMap(([name, value]) => ["--build-arg", `${name}=${value}`]);
  const words = [
    "--quiet",
    ...(pull ? ["--pull"] : []),
    "--file",
    `${path}/${dockerfile}`,
    "--label",
    `${contextLabel}=${context}`,
    ...given,
  ];
  return { ...exec("docker", "build", ...words, "--tag", reference, path), timeout: 3600 };
}
