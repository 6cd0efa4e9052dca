import { homedir } from "node:os";
import { type ApiAccess, apiKinds, isApiKind } from "../kernel/api.ts";
import type { Diagnostic } from "../kernel/diagnostic.ts";
import { Refused, refuse } from "../kernel/diagnostic.ts";
import type { Connection } from "../kernel/target.ts";
import type { Value } from "../kernel/value.ts";
import { type Get, portOf, secretOf, textListOf, textOf } from "./settings.ts";

export { identityOf } from "./identity.ts";

const kinds: Readonly<Record<string, Connection["kind"]>> = {
  ssh: "ssh",
  smart: "ssh",
  local: "local",
  docker: "docker",
  "community.docker.docker": "docker",
  "ansible.builtin.ssh": "ssh",
  "ansible.builtin.local": "local",
  ...Object.fromEntries(apiKinds.map((kind) => [kind, kind])),
};

/** Variables of Ansible that change how a host is reached and that Rempart does not follow: silence would be wrong. */
const refusedVariables: Readonly<Record<string, string>> = {
  ansible_ssh_common_args: "put such settings into ~/.ssh/config, which is read; for a jump host set ansible_ssh_proxy_jump",
  ansible_ssh_extra_args: "put such settings into ~/.ssh/config, which is read",
  ansible_ssh_args: "put such settings into ~/.ssh/config, which is read",
  ansible_ssh_executable: "no ssh program is used; remove it",
  ansible_ssh_host: "it is called ansible_host",
  ansible_ssh_port: "it is called ansible_port",
  ansible_ssh_user: "it is called ansible_user",
  ansible_private_key_file: "it is called ansible_ssh_private_key_file",
  ansible_host_key_checking: "host keys are always checked; add the key of the host to known_hosts",
  ansible_ssh_host_key_checking: "host keys are always checked; add the key of the host to known_hosts",
};

/** How to reach a host, by its variables, or what is wrong with them. `get` may throw Refused, which is handed on as its first diagnostic. */
export function connectionOf(host: string, get: (name: string) => Value | undefined): Connection | Diagnostic {
  try {
    return read(host, get);
  } catch (error) {
    if (error instanceof Refused && error.diagnostics[0])
      return { ...error.diagnostics[0], message: `${host}: ${error.diagnostics[0].message}` };
    throw error;
  }
}

function read(host: string, get: Get): Connection {
  for (const [name, help] of Object.entries(refusedVariables))
    if (get(name) !== undefined) refuse(`the variable ${name} is not followed`, undefined, help);
  const named = textOf(get, "ansible_connection") ?? "ssh";
  const kind = Object.hasOwn(kinds, named) ? kinds[named] : undefined;
  if (!kind)
    return refuse(
      `there is no connection "${named}"`,
      undefined,
      `ansible_connection is ssh, local or docker, or for an API ${apiKinds.join(", ")}`,
    );
  const port = portOf(get, "ansible_port");
  const user = textOf(get, "ansible_user");
  const keyFile = textOf(get, "ansible_ssh_private_key_file");
  const password = secretOf(get, "ansible_password") ?? secretOf(get, "ansible_ssh_password") ?? secretOf(get, "ansible_ssh_pass");
  const knownHosts = textListOf(get, "ansible_ssh_known_hosts");
  const proxyJump = textOf(get, "ansible_ssh_proxy_jump");
  const container = kind === "docker" ? textOf(get, "ansible_docker_container") : undefined;
  return {
    host,
    kind,
    address: container ?? textOf(get, "ansible_host") ?? host,
    ...(port !== undefined && { port }),
    ...(user !== undefined && { user }),
    ...(keyFile !== undefined && { keyFile: atHome(keyFile) }),
    ...(password && { password }),
    ...(knownHosts && { knownHosts: knownHosts.map(atHome) }),
    ...(proxyJump !== undefined && { proxyJump }),
    ...(isApiKind(kind) && { api: accessOf(get) }),
  };
}

function accessOf(get: Get): ApiAccess {
  const url = textOf(get, "api_url");
  if (url !== undefined && !/^https?:\/\/[^/]/.test(url))
    refuse("api_url must be an address such as https://192.0.2.1/api", undefined, "write it with https:// in front");
  const token = secretOf(get, "api_token");
  const user = textOf(get, "api_user");
  const password = secretOf(get, "api_password");
  const ca = textOf(get, "api_ca");
  return {
    ...(url !== undefined && { url: url.replace(/\/+$/, "") }),
    ...(token && { token }),
    ...(user !== undefined && { user }),
    ...(password && { password }),
    ...(ca !== undefined && { ca: atHome(ca) }),
  };
}

function atHome(path: string): string {
  return path.replace(/^~(?=\/|$)/, homedir());
}
