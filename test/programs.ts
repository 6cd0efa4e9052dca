import { existsSync } from "node:fs";
import { ensurePackage } from "./hosts/engine.ts";

/** Shells and servers that suites are tried with, and the package that brings each. */
const wanted = [
  { file: "/bin/dash", name: "dash" },
  { file: "/bin/mksh", name: "mksh" },
  { file: "/bin/busybox", name: "busybox" },
  { file: "/usr/sbin/sshd", name: "openssh-server" },
  { file: "/usr/bin/sudo", name: "sudo" },
];

/** Where the tests have a machine of their own, what is missing is installed; elsewhere it is said what is not tried. */
export default async function setup(): Promise<void> {
  for (const { file, name } of wanted) {
    if (existsSync(file)) continue;
    if (process.env.CI)
      await ensurePackage(file, name, (line) => process.stderr.write(`tests: ${line}\n`)).catch((error: Error) =>
        skip(name, error.message),
      );
    else skip(name, `install it to try them (Debian and Ubuntu: apt-get install ${name})`);
  }
}

function skip(name: string, why: string): void {
  process.stderr.write(`\ntests: NOT TRIED: all that need ${name}: ${why}\n\n`);
}
