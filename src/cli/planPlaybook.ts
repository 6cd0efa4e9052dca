import { randomBytes } from "node:crypto";
import { statSync } from "node:fs";
import { dirname } from "node:path";
import { makePlan } from "../engine/plan/makeplan.ts";
import { PlanKey } from "../engine/plan/plankey.ts";
import { useFingerprintKey } from "../kernel/fingerprint.ts";
import { notingInputs } from "../kernel/inputs.ts";
import type { PlanHost, PlanRequest } from "../kernel/planfile.ts";
import { say } from "./complain.ts";
import { inventoryFiles } from "./inventoryFiles.ts";
import type { Outcome } from "./outcome.ts";
import { writePlan } from "./planFiles.ts";
import { namesOf, secretsOf, sourcesOf, textsOf } from "./planInputs.ts";
import { executeOptions, type SessionOptions, withProgram } from "./session.ts";
import { UsageError } from "./usage.ts";
import { version } from "./version.ts";

export interface PlanOptions extends SessionOptions {
  /** The plan file. */
  readonly out: string;
}

/** Finds out what a run would do and writes it to a file. Nothing else is written anywhere, on this machine or on a host. */
export async function planPlaybook(playbook: string, o: PlanOptions): Promise<Outcome> {
  if (!statSync(dirname(o.out), { throwIfNoEntry: false })?.isDirectory())
    throw new UsageError(`the plan cannot be written: there is no folder ${dirname(o.out)}`);
  return notingInputs((inputs) =>
    withProgram(playbook, o, async (program, view) => {
      const salt = randomBytes(16).toString("hex");
      const secrets = await secretsOf(inputs, o.extraVars);
      const key = new PlanKey(secrets, salt);
      useFingerprintKey(key.bytes);
      const request = await requestOf(playbook, o);
      const { summary, hosts } = await makePlan(program, await executeOptions(o, view, false), key, view.listen);
      if (!summary.interrupted) {
        const made = { rempart: version(), made: new Date().toISOString(), folder: process.cwd(), request };
        const from = { sources: sourcesOf(inputs), texts: textsOf(inputs, key), secrets: [...secrets.keys()], salt };
        writePlan(o.out, { ...made, ...from, hosts: [...hosts] }, key);
        view.close();
        if (o.output !== "json" && o.output !== "quiet") say(whatNow(o.out, hosts));
      }
      return {
        interrupted: summary.interrupted,
        unreachable: summary.unreachable,
        failed: summary.failed,
        pending: summary.changed,
      };
    }),
  );
}

async function requestOf(playbook: string, o: PlanOptions): Promise<PlanRequest> {
  return {
    playbook,
    inventory: inventoryFiles(o.inventory),
    ...(o.limit !== undefined && { limit: o.limit }),
    tags: [...o.tags],
    skipTags: [...o.skipTags],
    extraVars: await namesOf(o.extraVars),
    ...(o.user !== undefined && { user: o.user }),
    ...(o.become && { become: o.become }),
    ...(o.becomeUser !== undefined && { becomeUser: o.becomeUser }),
    ...(o.becomeMethod !== undefined && { becomeMethod: o.becomeMethod }),
    ...(o.privateKey !== undefined && { privateKey: o.privateKey }),
    ...(o.connection !== undefined && { connection: o.connection }),
  };
}

function whatNow(file: string, hosts: readonly PlanHost[]): string {
  const broken = hosts.filter((h) => h.broken !== undefined).map((h) => h.name);
  const without = broken.length > 0 ? `, but not for ${broken.join(", ")}` : "";
  return `the plan is in ${file}${without}; look at it with "rempart show ${file}", do it with "rempart apply ${file}"\n`;
}
