import type { NotEntered } from "./enter.ts";

/** Runs a script of ours before the chain; `outside` is done by the kept shell itself, `take` gets what the script prints. */
export type Send = (
  script: Buffer,
  outside: string,
  take?: (chunk: Buffer) => void,
) => Promise<{ readonly rc: number; readonly complaint: string } | NotEntered>;

/** An upload on its way: small ones ride in the script, large ones wait on the target in a file of their own. */
export type Staged =
  | { readonly bytes: Buffer }
  /** Name of the staging file. */
  | { readonly name: string }
  /** A download that has its place on the controller. */
  | { readonly brought: true }
  /** It could not be sent, or brought. */
  | { readonly why: string };

/** Where a staging file is: `where` sets the folder, `file` is the word for it behind that, `everywhere` all it can be. */
export function stagingFile(name: string): { where: string; file: string; everywhere: string } {
  return {
    where: 'rp_dir=/var/tmp; [ -w "$rp_dir" ] || rp_dir=/tmp',
    file: `"$rp_dir"/${name}`,
    everywhere: `/var/tmp/${name} /tmp/${name}`,
  };
}
