import { randomBytes } from "node:crypto";
import { quote } from "../kernel/sh.ts";
import type { UploadStep, WriteStep } from "../kernel/step.ts";
import { Secret } from "../kernel/value.ts";
import { type Staged, stagingFile } from "./staging.ts";
import { printBytes } from "./words.ts";

type Placed = Omit<WriteStep, "do" | "content">;

/** Exit code of a write that found things otherwise than expected; the mark `r WHY` says what. */
export const refusedCode = 75;

/** What a write says when it refuses. Nothing was changed then. */
export const refusals: Readonly<Record<string, string>> = {
  folder: "the folder of the file does not exist",
  directory: "a folder stands where the file shall be",
  moved: "the file changed meanwhile: it is not the one that was looked at",
  exists: "something stands there meanwhile, where nothing was",
  temporary: "no temporary file can be made in the folder",
  content: "the content could not be written",
  staged: "what arrived is not what was sent",
  owner: "the owner, the group or the mode could not be set",
  invalid: "the check of the new file failed, so the old one was left as it is",
  backup: "the old file could not be kept as a backup",
  rename: "the new file could not be put in place",
};

/**
 * The shell function that every write of a chain uses: `rp_file PATH TEMP MODE OWNER GROUP REPLACES BACKUP VALIDATE`, where the
 * function `rp_c` prints the content. It runs in a child, so that its mask, trap and exit are its own.
 * A rename is the only change that others can see.
 */
export const writeFunction = `rp_no() { rp_m "$rp_k r $1"; exit ${refusedCode}; }
rp_file() {
[ ! -d "$1" ] || rp_no directory
[ -d "\${1%/*}/" ] || rp_no folder
umask 077
rp_t=
trap '[ -z "$rp_t" ] || rm -f -- "$rp_t"' 0
trap 'exit 1' 1 2 13 15
( set -C; : >"$2" ) || rp_no temporary
rp_t=$2
rp_why=content
rp_c >"$2" || rp_no $rp_why
chown "$4:$5" "$2" && chmod "$3" "$2" || rp_no owner
if [ -n "$8" ]; then sh -c "$8" sh </dev/null || rp_no invalid; fi
case $6 in
-) ;;
none) if [ -e "$1" ] || [ -L "$1" ]; then rp_no exists; fi ;;
*) [ -f "$1" ] && [ ! -L "$1" ] || rp_no moved
rp_h=$(sha256sum <"$1") && [ "\${rp_h%% *}" = "$6" ] || rp_no moved ;;
esac
if [ -n "$7" ] && [ -f "$1" ] && [ ! -L "$1" ]; then
if [ -e "$7" ] || [ -L "$7" ]; then rp_no backup; fi
ln -- "$1" "$7" 2>/dev/null || cp -p -- "$1" "$7" || rp_no backup
fi
mv -f -- "$2" "$1" || rp_no rename
rp_t=
exit 0
}
`;

/** Writes a text file. */
export function writeScript(step: WriteStep): Buffer {
  const text = step.content instanceof Secret ? step.content.reveal() : step.content;
  return place(step, printBytes(Buffer.from(text)));
}

/** Puts what was staged before into place. */
export function uploadScript(step: UploadStep, staged: Staged | undefined): Buffer {
  if (!staged) throw new Error("the file was not sent");
  if ("why" in staged) throw new Error(staged.why);
  if ("bytes" in staged) return place(step, printBytes(staged.bytes));
  const { where, file } = stagingFile(staged.name);
  return place(
    step,
    Buffer.from(
      `${where}; rp_h=$(sha256sum <${file}) && { [ "\${rp_h%% *}" = ${quote(step.sha256)} ] || { rp_why=staged; return 1; }; } && cat <${file}`,
    ),
  );
}

function place(step: Placed, content: Buffer): Buffer {
  const folder = step.path.slice(0, step.path.lastIndexOf("/"));
  if (!step.path.startsWith("/") || step.path.endsWith("/")) throw new Error(`"${step.path}" is not the absolute path of a file`);
  const temporary = `${folder}/.rempart-${randomBytes(8).toString("hex")}`;
  const backup = step.backup ? `${step.path}.${new Date().toISOString().replace(/[-:]|\..*/g, "")}~` : "";
  const replaces = step.replaces === undefined ? "-" : (step.replaces ?? "none");
  const check = step.validate === undefined ? "" : step.validate.replaceAll("%s", () => quote(temporary));
  const words = [step.path, temporary, step.mode, step.owner, step.group, replaces, backup, check].map(quote).join(" ");
  return Buffer.concat([Buffer.from("( rp_c() { "), content, Buffer.from(`; }\nrp_file ${words}\n)`)]);
}
