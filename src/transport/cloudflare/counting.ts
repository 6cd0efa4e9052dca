import type { Counts } from "../../kernel/counts.ts";

/** No answer says more than that by rights to wait, in seconds. */
const longestWait = 30;

/** A fetch that counts requests and bytes, and does not let a server keep the run waiting. */
export function counting(): { readonly fetch: typeof globalThis.fetch; readonly counts: () => Counts } {
  let [roundTrips, bytesSent, bytesReceived] = [0, 0, 0];
  return {
    counts: () => ({ roundTrips, processes: 0, bytesSent, bytesReceived }),
    async fetch(input, init) {
      roundTrips += 1;
      bytesSent += typeof init?.body === "string" ? Buffer.byteLength(init.body) : 0;
      const response = await globalThis.fetch(input, init);
      bytesReceived += Number(response.headers.get("content-length") ?? 0);
      const wait = Number(response.headers.get("retry-after") ?? 0);
      if (wait <= longestWait) return response;
      const headers = new Headers(response.headers);
      headers.set("x-should-retry", "false");
      return new Response(response.body, { status: response.status, statusText: response.statusText, headers });
    },
  };
}
