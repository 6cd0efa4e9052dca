import type { ApiKind } from "../kernel/api.ts";
import type { Connect } from "../kernel/target.ts";

/** The clients of APIs, by `ansible_connection`. */
const apis: Readonly<Partial<Record<ApiKind, () => Promise<Connect>>>> = {
  cloudflare: async () => (await import("./cloudflare/open.ts")).connectCloudflare,
  freebox: async () => routerOf("freebox"),
  livebox: async () => routerOf("livebox"),
  bbox: async () => routerOf("bbox"),
  routeros: async () => routerOf("routeros"),
  opnsense: async () => routerOf("opnsense"),
};

async function routerOf(kind: keyof typeof import("./router/doors.ts").doors): Promise<Connect> {
  const { doors } = await import("./router/doors.ts");
  const { routerConnect } = await import("./router/open.ts");
  return routerConnect(kind, doors[kind]);
}

/** Opens the way to a host. The libraries of a kind are loaded when the first host needs them. */
export const connect: Connect = async (connection) => {
  switch (connection.kind) {
    case "local":
      return (await import("./local.ts")).connectLocal();
    case "docker":
      return (await import("./docker.ts")).connectDocker(connection);
    case "ssh":
      return (await import("./ssh.ts")).connectSsh(connection);
    default: {
      const open = await apis[connection.kind]?.();
      const none = { unreachable: `there is no client for ${connection.kind} yet`, help: "see: docs/inventory.md" };
      return open ? open(connection) : none;
    }
  }
};
