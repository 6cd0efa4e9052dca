import type { Ufw } from "../../../../src/facts/ufw.ts";

/** A stand-in for ufw's own files. */
export type FakeFirewall = { -readonly [K in keyof Ufw]: Ufw[K] };

export function freshFirewall(): FakeFirewall {
  return {
    enabled: false,
    running: false,
    ipv6: true,
    logging: "low",
    incoming: "deny",
    outgoing: "allow",
    routed: "deny",
    rules4: [],
    rules6: [],
  };
}
