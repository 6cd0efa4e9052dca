import { defineFact } from "../kernel/fact.ts";
import { sh } from "../kernel/sh.ts";
import { readRecords } from "./lines.ts";

/** Whether a program is on the host. */
export interface Program {
  readonly there: boolean;
}

/** `program("groupadd")`: looked for as the shell would; no process is started. */
export const program = defineFact<string, Program>({
  kind: "program",
  summary: "Whether a program is on the host.",
  object: (name) => name,
  script: (names) => sh`for _n in ${names}; do if command -v "$_n" >/dev/null 2>&1; then echo yes; else echo no; fi; done`,
  read: (stdout, names) => readRecords("program", stdout, names, (line) => ({ there: line === "yes" })),
  absent: ({ there }) => !there,
  brought: () => ({ there: true }),
  write: (_name, { there }) => (there ? "yes\n" : "no\n"),
});
