import { describe, expect, it } from "vitest";
import { exitCode } from "../../src/cli/outcome.ts";

describe("the exit code", () => {
  it("is 0 when all is done", () => {
    expect(exitCode({})).toBe(0);
  });

  it.each([
    [130, { interrupted: true, wrongInput: true, unreachable: true, failed: true, pending: true }],
    [3, { wrongInput: true, unreachable: true, failed: true, pending: true }],
    [4, { unreachable: true, failed: true, pending: true }],
    [1, { failed: true, pending: true }],
    [2, { pending: true }],
  ])("is %i when several things hold and it is the gravest", (code, outcome) => {
    expect(exitCode(outcome)).toBe(code);
  });
});
