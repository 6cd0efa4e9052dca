import { expect, test } from "vitest";
import { facts } from "../../../../src/facts/index.ts";
import { exec } from "../../../../src/kernel/step.ts";
import { modules } from "../../../../src/modules/index.ts";
import fc from "../../../seeded.ts";
import { anyTheme } from "../tasks/task.ts";
import { answeredKinds } from "./answers.ts";
import { drifts } from "./drifts.ts";
import { root } from "./files.ts";
import { FakeMachine } from "./machine.ts";
import { runStep } from "./steps.ts";

test("the fake machine answers every kind of question but the gathered facts", () => {
  expect([...answeredKinds].sort()).toEqual(
    facts
      .filter((f) => !f.api)
      .map((f) => f.kind)
      // The server has an emulator of its own: test/jellyfin.
      .filter((k) => k !== "system" && !k.startsWith("jellyfin"))
      .sort(),
  );
});

/** They act on the run itself and not on the machine: tried on real hosts. */
const apart = ["pause", "reboot", "wait_for_connection"];

test("tasks of every module are generated", () => {
  const seen = new Set(fc.sample(anyTheme.task, { numRuns: 3000, seed: 1 }).flatMap((t) => Object.keys(t)));
  expect([...seen].sort()).toEqual(
    modules
      .map((m) => m.name)
      // Those of an API are played against its emulator: test/cloudflare, test/jellyfin.
      .filter((name) => !apart.includes(name) && !/^(cloudflare|jellyfin)_/.test(name))
      .sort(),
  );
});

test("a program or an option that the fake machine does not know is an error of the test, not a failed step", () => {
  for (const step of [exec("reboot"), exec("chmod", "u+x", "/etc"), exec("apt-get", "install", "tool"), exec("systemctl", "kill", "app")])
    expect(() => runStep(new FakeMachine(), step, root), step.argv.join(" ")).toThrow();
});

test("a program that fails says its exit code, and what it did before stays done", () => {
  const machine = new FakeMachine();
  drifts["no d1"](machine);
  const ran = runStep(machine, exec("mkdir", "-m", "00755", "/lab/d1", "/lab/no/d2"), root);
  expect(ran.why).toBe("mkdir ended with exit code 1");
  expect(machine.files.at("/lab/d1")?.kind).toBe("directory");
});
