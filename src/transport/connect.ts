import type { Connect } from "../kernel/target.ts";

/** Opens the way to a host. The libraries of a kind are loaded when the first host needs them. */
export const connect: Connect = async (connection) => {
  switch (connection.kind) {
    case "local":
      return (await import("./local.ts")).connectLocal();
    case "docker":
      return (await import("./docker.ts")).connectDocker(connection);
    case "ssh":
      return (await import("./ssh.ts")).connectSsh(connection);
  }
};
