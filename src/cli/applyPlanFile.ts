import { applyPlan } from "../engine/plan/applyplan.ts";
import { PlanKey } from "../engine/plan/plankey.ts";
import { facts } from "../facts/index.ts";
import { type Diagnostic, Refused } from "../kernel/diagnostic.ts";
import { defineFact, type Fact, type Question } from "../kernel/fact.ts";
import { useFingerprintKey } from "../kernel/fingerprint.ts";
import { notingInputs } from "../kernel/inputs.ts";
import type { PlanBody } from "../kernel/planfile.ts";
import type { Outcome } from "./outcome.ts";
import { fits, readPlan } from "./planFiles.ts";
import { changedSources, changedTexts, namesOf, newSources, secretsOf } from "./planInputs.ts";
import { resumable } from "./resumable.ts";
import { executeOptions, type SessionOptions, withProgram } from "./session.ts";
import { UsageError } from "./usage.ts";
import { version } from "./version.ts";

/** What is not in the file, or may be otherwise now: keys, passwords, values, how to print. */
export type ApplyOptions = Pick<
  SessionOptions,
  | "extraVars"
  | "vaultPassphraseFile"
  | "vaultIdentity"
  | "askVaultPassphrase"
  | "askPass"
  | "askBecomePass"
  | "privateKey"
  | "forks"
  | "wait"
  | "diff"
  | "verbose"
  | "output"
>;

/** Does what a plan file shows, as long as everything that it stands on is still so. Throws for a plan that does not fit any more. */
export function applyPlanFile(path: string, o: ApplyOptions): Promise<Outcome> {
  return notingInputs(async (inputs) => {
    const plan = readPlan(path);
    const { body } = plan;
    if (body.rempart !== version()) throw new UsageError(`${path} was made by rempart ${body.rempart}, this is ${version()}`, "plan again");
    stop(changedSources(body.sources));
    const given = await sameVars(body, o.extraVars);
    const { playbook, extraVars: _, ...request } = body.request;
    const session: SessionOptions = { ...request, ...o, extraVars: given };
    return withProgram(playbook, session, async (program, view) => {
      stop(newSources(body, inputs));
      const key = new PlanKey(await secretsOf(inputs, given), body.salt);
      if (!fits(plan, key)) throw new UsageError(...otherSecrets(path, body));
      stop(changedTexts(body, inputs, key));
      useFingerprintKey(key.bytes);
      const { options, last } = resumable(program, session.inventory, false, view.listen);
      const how = { ...(await executeOptions(session, view, true)), ...options, key, questionOf };
      const summary = await applyPlan(program, body.hosts, how, view.listen);
      last();
      return { interrupted: summary.interrupted, unreachable: summary.unreachable, failed: summary.failed };
    });
  });
}

/** `-e` as it was when the plan was made: files by themselves, values as they are given now. Throws UsageError when they are not all there. */
async function sameVars({ request }: PlanBody, given: readonly string[]): Promise<string[]> {
  const wanted = request.extraVars.flatMap((e) => ("names" in e ? [e.names.join(" ")] : []));
  const now = (await namesOf(given)).map((e) => ("names" in e ? e.names.join(" ") : `@${e.file}`));
  if (JSON.stringify(wanted) !== JSON.stringify(now)) {
    const needed = wanted
      .map((names) => `-e ${names.includes(" ") ? `'${names.replaceAll(" ", "=... ")}=...'` : `${names}=...`}`)
      .join(" ");
    throw new UsageError(
      wanted.length > 0
        ? "the plan was made with values of -e, which are not kept in it"
        : "the plan was made without values of -e, and takes none now",
      wanted.length > 0 ? `give the same again: ${needed}` : "plan again with them",
    );
  }
  const values = given.values();
  return request.extraVars.map((e) => ("file" in e ? `@${e.file}` : (values.next().value ?? "")));
}

function stop(wrong: readonly Diagnostic[]): void {
  if (wrong.length > 0) throw new Refused(...wrong);
}

function otherSecrets(path: string, { secrets }: PlanBody): [string, string] {
  if (secrets.length === 0) return [`${path} is damaged: it is not as it was sealed`, "plan again"];
  return [
    `the secrets are not those of the plan: one of ${secrets.join(", ")} was changed, or ${path} was`,
    "give the same secrets as for the plan, or plan again",
  ];
}

const kinds = new Map<string, Fact<never, unknown>>(facts.map((f) => [f.kind, f]));

function questionOf(kind: string, key: unknown): Question | undefined {
  const fact = kinds.get(kind);
  return fact && defineFact(fact as Fact<unknown, unknown>)(key);
}
