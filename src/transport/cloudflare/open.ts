import { createClient } from "cloudflare/tree-shakable";
import { ApiError, ApiGone } from "../../kernel/apiclient.ts";
import type { Connection, Target, Unreachable } from "../../kernel/target.ts";
import { ApiTarget } from "../api-target.ts";
import { CloudflareClient } from "./client.ts";
import { counting } from "./counting.ts";

const usualUrl = "https://api.cloudflare.com/client/v4";
/** The day whose form of the API is spoken; the SDK would take today's, and a run would not be the same twice. */
const apiVersion = "2026-10-02";

/** Cloudflare's API with a token; connected means that the token was tried. `timeout`: milliseconds that one request may take. */
export async function connectCloudflare({ host, api = {} }: Connection, { timeout = 30_000 } = {}): Promise<Target | Unreachable> {
  const { token, url = usualUrl, ca } = api;
  if (!token)
    return {
      unreachable: `${host} has no api_token`,
      help: "make an API token at Cloudflare, and put it into an encrypted file as api_token",
    };
  if (ca !== undefined)
    return { unreachable: "api_ca has no meaning for cloudflare", help: "leave it out: the system's certificates are trusted" };
  if (url.startsWith("http://") && !/^http:\/\/(127\.0\.0\.1|\[::1\]|localhost)[:/]/.test(url))
    return { unreachable: `${url} would carry the token in clear text`, help: "write it with https://" };
  const { fetch, counts } = counting();
  const sdk = createClient({
    resources: [],
    apiToken: token.reveal(),
    apiKey: null,
    apiEmail: null,
    userServiceKey: null,
    baseURL: url,
    apiVersion,
    maxRetries: 2,
    timeout,
    logLevel: "off",
    fetch,
    fetchOptions: { redirect: "error" },
  });
  const client = new CloudflareClient(sdk, counts);
  return (await whyNot(client)) ?? new ApiTarget("cloudflare", client);
}

/** Tokens of an account are unknown to the route for those of a user, so the zones are asked for as well before the token counts as bad. */
async function whyNot(client: CloudflareClient): Promise<Unreachable | undefined> {
  try {
    const { status } = await client.get("/user/tokens/verify").then(
      (result) => result as { readonly status?: string },
      async (error) => {
        if (!(error instanceof ApiError) || error.status < 400 || error.status >= 500) throw error;
        await client.get("/zones");
        return { status: "active" };
      },
    );
    if (status === "active") return undefined;
    return { unreachable: `the token is ${status}`, help: "make a new API token at Cloudflare", refused: true };
  } catch (error) {
    if (error instanceof ApiGone)
      return { unreachable: error.message, help: "is this machine online? api_url is the address that is asked" };
    if (!(error instanceof ApiError)) throw error;
    const refused = error.status === 401 || error.status === 403 || error.status === 400;
    return {
      unreachable: refused ? "Cloudflare does not take the token" : error.message,
      help: refused ? "look at api_token: it is expired, cut short, or not an API token" : "try again in a while",
      ...(refused && { refused: true as const }),
    };
  }
}
