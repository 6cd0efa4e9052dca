import { defineFact } from "../kernel/fact.ts";
import { joinShell, Shell, sh } from "../kernel/sh.ts";
import { exported, type InEnvironment } from "./environment.ts";
import { Records } from "./records.ts";

/** A text of the user for a shell, or a program with its arguments. Never a secret: it is seen in the process list. */
export interface ProbeKey extends InEnvironment {
  readonly text?: string;
  readonly argv?: readonly string[];
  /** Absolute path of the shell for `text`; default sh. */
  readonly shell?: string;
  readonly chdir?: string;
  readonly stdin?: string;
  /** Seconds that it may take. */
  readonly timeout?: number;
  /** The only files and folders that the answer hangs on. */
  readonly looksAt?: readonly string[];
}

/** What it said. NUL bytes are dropped, stdout is cut behind 1 MiB. */
export interface ProbeValue {
  readonly rc: number;
  readonly stdout: string;
  readonly stderr: string;
  /** stdout was longer. */
  readonly cut?: true;
}

const limit = 1024 * 1024;

/** Runs what the user wrote as a question: it must change nothing. */
export const probe = defineFact<ProbeKey, ProbeValue>({
  kind: "probe",
  summary: "Exit code and output of a command of the user that changes nothing.",
  object: (key) => `${key.chdir ?? ""} ${key.text ?? key.argv?.join(" ") ?? ""}`.trim(),
  runsUserText: true,
  bound: (key) => key.timeout,
  files: (key) => key.looksAt,
  script: (keys) => joinShell(keys.map(one)),
  read(stdout, keys) {
    const records = new Records(stdout, "probe");
    const values = keys.map(() => readOne(records.bytes(Number(records.line()))));
    records.end();
    return values;
  },
});

/**
 * Both streams in one text, without a temporary file: stderr, `x` and the exit code, stdout, and the length of stdout in
 * ten digits. The shell's own descriptors are closed for the user's program.
 */
function one(key: ProbeKey): Shell {
  const program = key.argv ? sh`${key.argv}` : sh`${key.shell ?? "sh"} -c ${key.text ?? ""}`;
  const placed = sh`${exported(key)}${key.chdir === undefined ? program : sh`cd ${key.chdir} && ${program}`}`;
  const fed = key.stdin === undefined ? sh`(${placed}) 3<&- 4>&- </dev/null` : sh`printf %s ${key.stdin} | (${placed}) 3<&- 4>&-`;
  return joinShell([
    sh`_b=$( { { _o=$( { { ${fed}; printf x%s "$?" >&4; } | tr -d '\000' | { head -c ${limit + 1}; cat >/dev/null; }; }; echo .); } 4>&1 2>&1`,
    Shell.trusted(`_o=\${_o%.}; printf '%s%10d' "$_o" "\${#_o}"; } | tr -d '\\000')`),
    Shell.trusted(`printf '%s\\n%s\\n' "\${#_b}" "$_b"`),
  ]);
}

function readOne(all: Buffer): ProbeValue {
  const length = Number(all.subarray(-10).toString());
  const stdout = all.subarray(all.length - 10 - length, all.length - 10);
  const rest = all.subarray(0, all.length - 10 - length);
  const at = rest.lastIndexOf("x");
  const rc = rest.subarray(at + 1).toString();
  if (at < 0 || !/^\d+$/.test(rc) || !Number.isInteger(length))
    throw new Error(`probe: unexpected record ${JSON.stringify(all.toString().slice(-80))}`);
  const cut = stdout.length > limit;
  return {
    rc: Number(rc),
    stdout: stdout.subarray(0, limit).toString("utf8"),
    stderr: rest.subarray(0, at).toString("utf8"),
    ...(cut && { cut }),
  };
}
