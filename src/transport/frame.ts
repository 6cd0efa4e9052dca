import { quote } from "../kernel/sh.ts";
import { delimiterFor } from "./marks.ts";

export interface Surroundings {
  /** PATH on the target. */
  readonly path: string;
  /** Where a shell finds its own file descriptors; the other form of the frame is taken where it is missing. */
  readonly fdFolder: string;
  /** Where those lock who may write there; it is empty after a reboot. */
  readonly runFolder: string;
}

export const usualSurroundings: Surroundings = {
  path: "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
  fdFolder: "/dev/fd",
  runFolder: "/run",
};

/**
 * `printf` is no builtin of mksh: there it would be a process, and what it prints would stand in the process list.
 * `rp_w` writes a text, `rp_m` a mark on a line of its own, in one write.
 */
export const writers = `if [ -n "\${KSH_VERSION-}" ]; then rp_w() { print -rn -- "$1"; }; rp_m() { print -r -- "
$1"; }; else rp_w() { printf %s "$1"; }; rp_m() { printf '\\n%s\\n' "$1"; }; fi
`;

/**
 * What a kept shell does when it ends: `rp_bye` is run, the files in `rp_junk` go. A shell that dies by a signal runs no exit trap, and
 * writing its mark into a connection that is gone is such a death.
 */
const atEnd = `rp_bye= rp_junk=; trap 'eval "$rp_bye"; [ -z "$rp_junk" ] || rm -f -- $rp_junk' 0; trap 'exit 1' 1 2 13 15`;

/** Said once to a new shell, together with its first frame. */
export function welcome({ path, fdFolder }: Surroundings): string {
  return `export LC_ALL=C PATH=${quote(path)}; unset LANGUAGE CDPATH ENV BASH_ENV; umask 022; cd /
${atEnd}
${writers}if [ -e ${fdFolder}/0 ]; then rp_f() { sh /dev/fd/3; }; else rp_f() { sh -c 'rp_s=$(cat <&3); exec 3<&- </dev/null; eval "$rp_s"' sh; }; fi
`;
}

/** The last pid of the namespace is the fifth word of loadavg: what was started meanwhile is the difference. */
const lastPid = (name: string): string => `{ read -r rp_x rp_x rp_x rp_x ${name} </proc/loadavg; } 2>/dev/null`;

/**
 * One script for a kept shell. It runs in a child, so that nothing in it can end or change the kept one, and it is the
 * child's file, so that no command in it can eat it from stdin. Both streams end with the mark.
 * `outside` is run by the kept shell itself, before the script.
 */
export function frame(mark: string, script: Buffer, outside = ""): Buffer {
  if (script.includes(0)) throw new Error("a NUL byte cannot be in a script");
  const end = delimiterFor(script, mark);
  const newline = script.length > 0 && script.at(-1) !== 10 ? "\n" : "";
  return Buffer.concat([
    Buffer.from(`${outside}${lastPid("rp_p")}; rp_m "${mark} s $$"\nrp_f 3<<'${end}' </dev/null\n`),
    script,
    Buffer.from(`${newline}${end}\nrp_r=$?; ${lastPid("rp_q")}; rp_m "${mark} z $rp_r \${rp_p:-0} \${rp_q:-0}"; rp_m "${mark} z" >&2\n`),
  ]);
}
