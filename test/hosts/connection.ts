import type { Connection, Target } from "../../src/kernel/target.ts";
import { connect } from "../../src/transport/connect.ts";
import type { TestHost } from "./attached.ts";

/** The way to a test host by ssh, as an inventory would give it. */
export function connectionTo(host: TestHost): Connection {
  return {
    host: host.name,
    kind: "ssh",
    address: host.address,
    port: host.port,
    user: host.user,
    keyFile: host.keyFile,
    knownHosts: [host.knownHosts],
  };
}

/** The transport's own way in, over a checked host key. */
export async function enter(host: TestHost): Promise<Target> {
  const target = await connect(connectionTo(host));
  if ("unreachable" in target) throw new Error(`${target.unreachable}: ${target.help}`);
  return target;
}
