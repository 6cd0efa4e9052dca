import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { currentRun } from "../hosts/run.ts";
import type { Site } from "../hosts/site.ts";
import { bareApplication, breachedZone, openEverything } from "./breaches.ts";
import { Rempart, type Told } from "./rempart.ts";

interface Finding {
  readonly scenario: string;
  readonly host: string;
  readonly verdict: "passed" | "failed" | "not tried" | "seen";
  readonly check: string;
  readonly seen: string;
}

interface Result {
  readonly passed: boolean;
  readonly scenarios: readonly { readonly id: string; readonly verdict: string; readonly findings: readonly Finding[] }[];
  readonly not_tried: readonly { readonly scenario: string; readonly check: string; readonly seen: string }[];
}

/** Tests of playbooks/verify.yml on a home that stands. What they break they leave broken, so they come last. */
export function verifyTests(home: () => Site): void {
  const results = () => join(currentRun().folder, "verify-results");
  const play = (playbook: string, vars: Readonly<Record<string, unknown>> = {}): Rempart =>
    new Rempart(playbook, [], vars, home().inventories, home().environment);
  const verify = (...words: readonly string[]): Promise<Told> =>
    play("playbooks/verify.yml", { verify: { results: results() } }).run("--wait", "10m", ...words);
  const newest = (end: string): string => {
    const [last] = readdirSync(results())
      .filter((f) => f.endsWith(end))
      .sort()
      .reverse();
    return readFileSync(join(results(), last ?? "none"), "utf8");
  };
  const result = (): Result => JSON.parse(newest(".json")) as Result;
  const failures = (): string[] =>
    result().scenarios.flatMap((s) => s.findings.filter((f) => f.verdict === "failed").map((f) => `${s.id}: ${f.check}`));
  const verdicts = () => Object.fromEntries(result().scenarios.map((s) => [s.id, s.verdict]));

  test("verify.yml: a check sends nothing and tells what would be tried", async () => {
    const before = (await home().edge.requests()).length;
    const check = await verify("--check");
    expect(check.exitCode, check.trouble).toBe(0);
    expect(check.changes).toEqual([]);
    expect(check.tasks.find((t) => t.task === "Tell what would be tried" && t.host === "localhost")?.message).toMatch(
      /would try 1 \(access\)[\s\S]*would try 7 \(attacks\)/,
    );
    expect((await home().edge.requests()).length).toBe(before);
  });

  test("verify.yml: the defences hold, and what was not tried is listed with its reason", async () => {
    const told = await verify();
    expect(told.exitCode, told.trouble).toBe(0);
    expect(verdicts()).toEqual({
      access: "passed",
      foreign: "passed",
      unlisted: "passed",
      limits: "passed",
      hidden: "passed",
      speed: "not tried",
      attacks: "passed",
    });
    expect(result().not_tried.map((u) => `${u.scenario}: ${u.seen}`)).toEqual([
      "speed: verify.speed.path is empty",
      "speed: proliant: no NVIDIA card on the PCI bus",
    ]);
    const page = newest(".html");
    expect(page).toContain("what was tried holds");
    const codes = (await home().edge.outbox()).map((mail) => mail.code);
    for (const secret of ["ada@example.org", ...codes]) expect(page + newest(".json")).not.toContain(secret);
    expect(await home().edge.unknown()).toEqual([]);
  });

  test("verify.yml names each defence that is broken, behind the last scenario and with the result written", async () => {
    await openEverything(home());
    const breach = await play(breachedZone(home().wanAddress)).run();
    expect(breach.exitCode, breach.trouble).toBe(0);
    const told = await verify("--skip-tags", "attacks,speed");
    expect(told.exitCode).toBe(1);
    expect(verdicts()).toMatchObject({ foreign: "failed", unlisted: "failed", limits: "failed", hidden: "failed", attacks: "left out" });
    const failed = failures();
    for (const text of [
      "foreign: media.example.org stops visitors from US at the edge",
      "unlisted: an unlisted address gets no code",
      "limits: the edge makes wait who asks /Users/AuthenticateByName too often",
      "hidden: no record of the zone tells the router's address",
      "hidden: no usual name has the router's address",
      "hidden: no TXT or MX tells the router's address",
      `hidden: ${home().wanAddress} does not answer for media.example.org on port 443`,
    ])
      expect(failed).toContain(text);
    expect(newest(".html")).toContain("something does not hold");
  });

  test("verify.yml names an application without its login and its rules, and a scenario runs alone", async () => {
    const bare = await play(bareApplication()).run();
    expect(bare.exitCode, bare.trouble).toBe(0);
    expect((await verify("--tags", "access,attacks")).exitCode).toBe(1);
    expect(verdicts()).toMatchObject({ access: "failed", attacks: "failed", foreign: "left out", hidden: "left out" });
    expect(failures()).toContain("access: media.example.org asks for a login");
    expect(failures()).toContain("attacks: outside: injection of a script");
  });
}
