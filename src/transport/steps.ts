import { quote } from "../kernel/sh.ts";
import type { ExecStep, ScriptStep, Step } from "../kernel/step.ts";
import { Secret } from "../kernel/value.ts";
import { delimiterFor, newMark } from "./marks.ts";
import type { Staged } from "./staging.ts";
import { printBytes } from "./words.ts";
import { uploadScript, writeScript } from "./write.ts";

/** A step that cannot be rendered, or whose preparation failed: it fails without having done anything. */
export interface Hopeless {
  readonly hopeless: string;
}

/** Shell text of one step. Its exit code is the step's; it runs in a child of its own. */
export function stepScript(step: Step, staged: Staged | undefined): Buffer | Hopeless {
  try {
    if (step.do === "exec") return exec(step);
    if (step.do === "script") return script(step);
    if (step.do === "write") return writeScript(step);
    if (step.do === "download") return brought(staged);
    if (step.do === "upload") return uploadScript(step, staged);
    return { hopeless: "this target is no API: it takes no calls" };
  } catch (error) {
    return { hopeless: error instanceof Error ? error.message : String(error) };
  }
}

/** What was brought before has its place already. */
function brought(staged: Staged | undefined): Buffer {
  if (!staged || !("brought" in staged)) throw new Error(staged && "why" in staged ? staged.why : "the file was not brought");
  return Buffer.from(":");
}

/** The exit codes that count as success. */
export function okCodes(step: Step): readonly number[] {
  return ("okCodes" in step && step.okCodes) || [0];
}

function exec(step: ExecStep): Buffer {
  if (step.argv.length === 0) throw new Error("there is no program to run");
  return child(step, Buffer.from(`exec ${step.argv.map(quote).join(" ")}`));
}

/** Shells that understand -n: read the text, run nothing. */
const readsOnly = /(^|\/)(sh|dash|ash|bash|ksh|mksh|zsh)$/;

/**
 * The text goes by file descriptor 3, since an argument is limited and seen by everybody. A shell reads as it goes: the
 * whole text is checked first, so that a slip in its last line does not show after the first lines were done.
 */
function script(step: ScriptStep): Buffer {
  const text = revealed(step.text);
  if (text.includes("\0")) throw new Error("a script cannot hold a NUL byte");
  const mark = delimiterFor(Buffer.from(text), newMark());
  const shell = quote(step.shell ?? "/bin/sh");
  const check = readsOnly.test(step.shell ?? "/bin/sh") ? `rp_u ${shell} -n /dev/fd/3 || exit\n` : "";
  const plain = 'rp_s=$(cat <&3); exec 3<&-; eval "$rp_s"';
  const run = `if [ -e /dev/fd/0 ]; then ${check}rp_u exec ${shell} /dev/fd/3; else rp_u exec ${shell} -c ${quote(plain)} sh; fi`;
  return child(step, Buffer.from(`rp_u() { "$@" 3<<'${mark}'\n${text}\n${mark}\n}\n${run}`));
}

function child({ env = {}, chdir, stdin }: ExecStep | ScriptStep, run: Buffer): Buffer {
  const before = Object.entries(env).map(([name, value]) => {
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) throw new Error(`"${name}" is no name for an environment variable`);
    return `export ${name}=${quote(revealed(value))}\n`;
  });
  if (chdir !== undefined) before.push(`cd ${quote(chdir)} || exit\n`);
  const placed = Buffer.concat([Buffer.from(`( ${before.join("")}`), run, Buffer.from("\n)")]);
  if (stdin === undefined) return placed;
  const text = Buffer.from(revealed(stdin));
  if (stdin instanceof Secret || !fitsHere(text)) return Buffer.concat([printBytes(text), Buffer.from(" | "), placed]);
  const mark = delimiterFor(text, newMark());
  return Buffer.concat([placed, Buffer.from(` <<'${mark}'\n`), text, Buffer.from(mark)]);
}

/** A short text of whole lines may be a here-document, which takes no second process. Some shells keep that in a file, so it is not for secrets. */
function fitsHere(text: Buffer): boolean {
  return text.length <= 4096 && text.at(-1) === 10 && !text.includes(0);
}

function revealed(text: string | Secret): string {
  return text instanceof Secret ? text.reveal() : text;
}
