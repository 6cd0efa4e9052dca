import type { ServerResponse } from "node:http";

/** How a request goes wrong. "lost answer": done, and the connection cut before the answer. "cut": not done, connection cut. */
export type How =
  | "rate limited"
  | "rate limited for an hour"
  | "server error"
  | "unsuccessful"
  | "html"
  | "cut"
  | "half an answer"
  | "lost answer"
  | "silent";

/** Something that goes wrong with the requests that it fits, as often as `times` says. */
export interface Trouble {
  readonly fits: (request: { readonly method: string; readonly path: string; readonly writes: boolean }) => boolean;
  readonly how: How;
  times: number;
}

/** Whether the request is performed although its answer goes wrong. */
export function performs(how: How): boolean {
  return how === "lost answer" || how === "half an answer" || how === "silent";
}

/** Gives the wrong answer in the place of the right one. */
export function spoil(how: How, response: ServerResponse, right: string): void {
  const failure = (code: number, message: string) =>
    JSON.stringify({ success: false, errors: [{ code, message }], messages: [], result: null });
  const json = { "content-type": "application/json" };
  switch (how) {
    case "rate limited":
    case "rate limited for an hour":
      response
        .writeHead(429, { ...json, "retry-after": how === "rate limited" ? "1" : "3600" })
        .end(failure(10429, "More than 1200 requests per 300 seconds reached."));
      return;
    case "server error":
      response.writeHead(503, json).end(failure(10000, "Service temporarily unavailable"));
      return;
    case "unsuccessful":
      response.writeHead(200, json).end(failure(10001, "Something went wrong inside"));
      return;
    case "html":
      response.writeHead(200, { "content-type": "text/html" }).end("<html><body>Just a moment</body></html>");
      return;
    case "half an answer":
      response.writeHead(200, { ...json, "content-length": String(right.length) }).write(right.slice(0, right.length / 2));
      setImmediate(() => response.destroy());
      return;
    case "silent":
      return;
    case "cut":
    case "lost answer":
      response.destroy();
  }
}
