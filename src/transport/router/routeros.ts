import { BasicSession } from "./basic.ts";
import { mapOf } from "./client.ts";
import type { RouterDoor } from "./open.ts";

/** RouterOS 7 by its REST service, which must be the one with TLS (www-ssl). */
export const routeros: RouterDoor = {
  needs: ["user", "password"],
  async login(http, connection) {
    const session = new BasicSession(http, connection, {
      prefix: "/rest/",
      statuses: {},
      wrong(body) {
        const { error, message, detail } = mapOf(body);
        return typeof error === "number" ? `${String(message)}${detail === undefined ? "" : `: ${String(detail)}`}` : undefined;
      },
    });
    await session.send("GET", "system/resource");
    return session;
  },
};
