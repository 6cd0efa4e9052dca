import { expect, test } from "vitest";
import { uri } from "../../src/modules/web/uri.ts";

test("a request that was killed in its midst left no record: it counts as no answer, with the exit code as the reason", () => {
  const prepared = uri.prepare({ url: "http://127.0.0.1/items", method: "POST", body: "x" });
  if (!prepared.ok) throw new Error("refused");
  const none = new Map<string, unknown>();
  const outcome = { before: none, after: none, ran: [{ rc: 124, stdout: "", stderr: "", seconds: 35, timedOut: true as const }] };
  expect(prepared.prepared.proof(outcome)).toBe("http://127.0.0.1/items did not answer: the request ended with exit code 124");
  expect(prepared.prepared.resultOf(outcome)).toMatchObject({ status: -1 });
});
