import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { PlanKey } from "../engine/plan/plankey.ts";
import { type PlanBody, type PlanFile, planBody, planFile } from "../kernel/planfile.ts";
import { scrub } from "../kernel/scrub.ts";
import { replaceFile } from "./replaceFile.ts";
import { UsageError } from "./usage.ts";

/** Writes a plan at once or not at all; only its owner can read it. Every text of it is scrubbed of known secrets. */
export function writePlan(path: string, body: PlanBody, key: PlanKey): void {
  const clean = JSON.parse(JSON.stringify(body, (_, value: unknown) => (typeof value === "string" ? scrub(value) : value))) as PlanBody;
  // What could not be read again is a bug that must not wait for the apply.
  planBody.parse(clean);
  const sha256 = digestOf(clean);
  const file: PlanFile = { rempart_plan: 1, sha256, seal: sealOf(sha256, key), body: clean };
  try {
    replaceFile(path, `${JSON.stringify(file, null, 1)}\n`);
  } catch (error) {
    throw new UsageError(`the plan cannot be written to ${path}: ${(error as NodeJS.ErrnoException).code ?? String(error)}`);
  }
}

/** Reads a plan file. Throws UsageError for what is none, or is not as it was written. */
export function readPlan(path: string): PlanFile {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    throw new UsageError(`the plan ${path} cannot be read: ${(error as NodeJS.ErrnoException).code ?? String(error)}`);
  }
  const raw = parsed(text);
  if (typeof raw !== "object" || raw === null || !("rempart_plan" in raw))
    throw new UsageError(`${path} is not a plan file`, "make one: rempart plan PLAYBOOK -o FILE");
  if (raw.rempart_plan !== 1)
    throw new UsageError(
      `${path} was made by another version of rempart (its format is ${JSON.stringify(raw.rempart_plan)})`,
      "plan again",
    );
  const file = planFile.safeParse(raw);
  // Of the body as it stands in the file: reading it against the schema may change the order of its keys.
  if (!file.success || file.data.sha256 !== digestOf("body" in raw ? raw.body : undefined))
    throw new UsageError(`${path} is damaged: it is not as it was written`, "plan again");
  return file.data;
}

/** Was the plan made with these secrets, and is it as it was sealed? */
export function fits(plan: PlanFile, key: PlanKey): boolean {
  return plan.seal === sealOf(plan.sha256, key);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function digestOf(body: unknown): string {
  return createHash("sha256")
    .update(JSON.stringify(body) ?? "")
    .digest("hex");
}

function sealOf(sha256: string, key: PlanKey): string {
  return key.digest("plan", sha256);
}
