import { BasicSession } from "./basic.ts";
import { mapOf } from "./client.ts";
import type { RouterDoor } from "./open.ts";

/** OPNsense: api_user is the key, api_password the secret. */
export const opnsense: RouterDoor = {
  needs: ["user", "password"],
  async login(http, connection) {
    const session = new BasicSession(http, connection, {
      prefix: "/api/",
      statuses: {
        403: "the user of this key may not do that: give it the privilege in System, Access, Users",
        404: "there is no such request: forwards by API need OPNsense 26.1 or later",
      },
      wrong(body) {
        const { result, validations, status, errorMessage } = mapOf(body);
        if (result === "failed")
          return (
            Object.entries(mapOf(validations))
              .map(([field, why]) => `${field}: ${String(why)}`)
              .join("; ") || "not saved"
          );
        return errorMessage !== undefined ? String(errorMessage) : status === "failed" ? "failed" : undefined;
      },
    });
    await session.send("GET", "core/firmware/info");
    return session;
  },
};
