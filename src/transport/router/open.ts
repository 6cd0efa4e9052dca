import type { ApiKind } from "../../kernel/api.ts";
import { ApiError, ApiGone } from "../../kernel/apiclient.ts";
import type { Connect, Connection, Unreachable } from "../../kernel/target.ts";
import { ApiTarget } from "../api-target.ts";
import { RouterClient, type RouterSession } from "./client.ts";
import { RouterHttp, trustedIn } from "./http.ts";

/** How one kind of router is entered. */
export interface RouterDoor {
  /** The usual address; undefined: `ansible_host`, by https. */
  readonly url?: string;
  /** Certificates that are trusted where `api_ca` gives none. */
  readonly trusted?: string;
  /** A plain http address is what its maker offers. */
  readonly plain?: true;
  /** The variables that it cannot do without. */
  readonly needs: readonly ("token" | "user" | "password")[];
  /** Throws ApiError when the router does not let us in, ApiGone when nobody answers. */
  login(http: RouterHttp, connection: Connection): Promise<RouterSession>;
}

/** The way to a router: logged in, or why not. */
export function routerConnect(kind: ApiKind, door: RouterDoor): Connect {
  return async (connection) => {
    const access = connection.api ?? {};
    const missing = door.needs.find((name) => access[name] === undefined);
    if (missing)
      return {
        unreachable: `api_${missing} is not set for ${connection.host}`,
        help: `${kind} needs ${door.needs.map((n) => `api_${n}`).join(" and ")}`,
      };
    const url = access.url ?? door.url ?? `https://${connection.address}`;
    if (url.startsWith("http:") && !door.plain)
      return { unreachable: `${url} is not encrypted`, help: "write https:// in api_url; the certificate of its root goes into api_ca" };
    try {
      const http = new RouterHttp(url, access.ca === undefined ? door.trusted : trustedIn(access.ca));
      return new ApiTarget(kind, new RouterClient(await door.login(http, connection)));
    } catch (error) {
      return outside(error, connection.host);
    }
  };
}

function outside(error: unknown, host: string): Unreachable {
  if (error instanceof ApiError)
    return { unreachable: error.message, help: `see docs/routers.md and the api_ variables of ${host}`, refused: true };
  if (error instanceof ApiGone) return { unreachable: error.message, help: `see api_url and api_ca of ${host}` };
  throw error;
}
