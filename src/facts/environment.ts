import { createHash } from "node:crypto";
import { joinShell, Shell, sh } from "../kernel/sh.ts";
import type { Environment } from "../kernel/step.ts";
import { Secret } from "../kernel/value.ts";

/** The part of a key that says in which environment its programs run. */
export interface InEnvironment {
  readonly environment?: Environment;
  /** sha256 of the variables, so that questions that differ in a secret only are two. */
  readonly environmentDigest?: string;
}

/** The part of a key for these variables; nothing for none. */
export function inEnvironment(environment: Environment | undefined): InEnvironment {
  if (environment === undefined) return {};
  const all = Object.entries(environment).map(([name, value]) => [name, plain(value)]);
  return { environment, environmentDigest: createHash("sha256").update(JSON.stringify(all)).digest("hex") };
}

/** Shell text that sets the variables; empty for none. They are seen in no process list. */
export function exported({ environment = {} }: InEnvironment): Shell {
  return joinShell(
    Object.entries(environment).map(([name, value]) => sh`export ${Shell.trusted(name)}=${plain(value)}; `),
    "",
  );
}

/** The script with the variables set: in a shell of its own, so that they are gone behind it. */
export function surrounded(key: InEnvironment, script: Shell): Shell {
  return key.environment === undefined
    ? script
    : sh`( ${exported(key)}
${script}
)`;
}

function plain(value: string | Secret): string {
  return value instanceof Secret ? value.reveal() : value;
}
