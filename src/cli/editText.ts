import { spawn } from "node:child_process";
import { accessSync, constants, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { UsageError } from "./usage.ts";

/** Lets the person edit a secret text in $VISUAL or $EDITOR: in a private folder, in memory where there is such a place, removed afterwards. */
export async function editText(text: string, name: string): Promise<string> {
  const folder = mkdtempSync(join(memory(), "rempart-"));
  const file = join(folder, basename(name).replace(/\.age$/, ""));
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  process.once("exit", remove);
  try {
    writeFileSync(file, text, { mode: 0o600 });
    await edit(file);
    return readFileSync(file, "utf8");
  } finally {
    process.off("exit", remove);
    remove();
  }
}

/** A folder whose files never reach a disk, if the machine has one. */
function memory(): string {
  for (const folder of [process.env.XDG_RUNTIME_DIR, "/dev/shm"]) {
    try {
      if (!folder) continue;
      accessSync(folder, constants.W_OK);
      return folder;
    } catch {
      // The next one, then.
    }
  }
  return tmpdir();
}

function edit(file: string): Promise<void> {
  const editor = process.env.VISUAL || process.env.EDITOR || "vi";
  // The editor may have arguments ("code --wait"), so a shell splits the words; the file is passed beside the text.
  const child = spawn("sh", ["-c", `${editor} "$1"`, "sh", file], { stdio: "inherit" });
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("exit", (code) =>
      code === 0 ? resolve() : reject(new UsageError(`the editor "${editor}" ended with ${code}: nothing was saved`, "set EDITOR")),
    );
  });
}
