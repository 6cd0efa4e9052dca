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
 * function `rp_c` prints the content. A rename is the only change that others can see. It starts no shell: the new file is named
 * in `rp_new` while it is there, so that the chain removes it when it is cut.
 *
 * The new file stands in the folder of the old one, under a name of 64 random bits that nobody could know before. It is opened
 * once, by noclobber, which is O_EXCL where nothing stands: neither a file nor a link that somebody put there is written to.
 * What we make in a folder without setgid bit is ours, so root need not give it to root: the owner of `/` tells who root is,
 * -O and -G whose the file is. The mode is set in any case, since in a folder with a default ACL no mask decides it.
 */
export const writeFunction = `rp_no() { rp_m "$rp_k r $1"; [ -z "$rp_new" ] || rm -f -- "$rp_new"; rp_new=; umask 022; return ${refusedCode}; }
rp_root() { case $1 in root:root|0:0) [ -O / ] && [ -G / ] && [ -O "$2" ] && [ -G "$2" ] ;; *) return 1 ;; esac; }
rp_file() {
[ ! -d "$1" ] || { rp_no directory; return; }
[ -d "\${1%/*}/" ] || { rp_no folder; return; }
umask 077
rp_why=temporary
set -C
{ set +C; rp_new=$2 rp_why=content; rp_c; } >"$2" || { set +C; rp_no $rp_why; return; }
rp_root "$4:$5" "$2" || chown "$4:$5" "$2" || { rp_no owner; return; }
chmod "$3" "$2" || { rp_no owner; return; }
if [ -n "$8" ]; then sh -c "$8" sh </dev/null || { rp_no invalid; return; }; fi
case $6 in
-) ;;
none) if [ -e "$1" ] || [ -L "$1" ]; then rp_no exists; return; fi ;;
*) [ -f "$1" ] && [ ! -L "$1" ] || { rp_no moved; return; }
rp_h=$(exec sha256sum <"$1") && [ "\${rp_h%% *}" = "$6" ] || { rp_no moved; return; } ;;
esac
if [ -n "$7" ] && [ -f "$1" ] && [ ! -L "$1" ]; then
if [ -e "$7" ] || [ -L "$7" ]; then rp_no backup; return; fi
ln -- "$1" "$7" 2>/dev/null || cp -p -- "$1" "$7" || { rp_no backup; return; }
fi
mv -f -- "$2" "$1" || { rp_no rename; return; }
rp_new=
umask 022
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
  if ("brought" in staged) throw new Error("what was brought is not put on the target");
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
  return Buffer.concat([Buffer.from("rp_c() { "), content, Buffer.from(`; }\nrp_file ${words}`)]);
}
