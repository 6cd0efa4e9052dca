import { PassThrough } from "node:stream";
import { expect, it } from "vitest";
import { type Ends, promptOn } from "../../src/cli/prompt.ts";

function terminal(isTTY = true): { readonly ends: Ends; readonly type: (keys: string) => void; readonly shown: () => string } {
  const [input, output] = [new PassThrough(), new PassThrough()];
  let shown = "";
  output.on("data", (text: Buffer) => {
    shown += text.toString();
  });
  return {
    ends: [Object.assign(input, { isTTY }), Object.assign(output, { isTTY })],
    type: (keys) => void input.write(keys),
    shown: () => shown,
  };
}

it("gives what was typed", async () => {
  const { ends, type, shown } = terminal();
  const asked = promptOn(ends, () => undefined)("Go on?", undefined);
  type("yes\r");
  expect(await asked).toBe("yes");
  expect(shown()).toContain("Go on?: ");
});

it("gives null where there is no terminal", async () => {
  expect(await promptOn(terminal(false).ends, () => undefined)("Go on?", undefined)).toBeNull();
});

it("takes Ctrl-C for an interruption of the run, which ends the question", async () => {
  const { ends, type } = terminal();
  const run = new AbortController();
  const asked = promptOn(ends, () => run.abort())("Go on?", run.signal);
  type("\u0003");
  expect(await asked).toBeUndefined();
});
