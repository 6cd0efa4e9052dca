import { contentLimit } from "../../facts/path-key.ts";
import type { Change } from "../../kernel/change.ts";
import { type Refusal, refusal } from "../../kernel/module.ts";
import { Secret } from "../../kernel/value.ts";
import { type FileAnswers, type WantedFile, wholeFile } from "./whole-file.ts";

export interface EditTask extends Omit<WantedFile, "content"> {
  readonly create?: boolean | undefined;
  /** True when nothing is to be put into a file that is not there. */
  readonly removes: boolean;
  /** What is put in is secret, so the file is. */
  readonly secret: boolean;
}

/**
 * The change of a text in a file of the target. Held to be lasting: an edit that would edit its own result again is refused,
 * as no run would ever find it done.
 */
export function editedFile(task: EditTask, answers: FileAnswers, edit: (text: string) => string | Refusal): readonly Change[] | Refusal {
  const now = answers.file.value;
  const at = task.path;
  if (now.type === "absent" && task.removes) return [];
  if (now.type === "absent" && task.create !== true) return refusal(`${at} is not there: write create: true to make it`);
  if (now.type === "link")
    return refusal(`${at} is a link to ${now.target ?? "?"}: name the file that it leads to, links are not followed`);
  if (now.type === "file" && now.content === undefined) {
    const why = now.size > contentLimit ? "is larger than 1 MiB" : now.binary === true ? "holds NUL bytes" : "is not UTF-8 text";
    return refusal(`${at} ${why}: it is not edited by lines`);
  }
  const before = now.content ?? "";
  const after = edit(before);
  if (typeof after === "object") return after;
  const again = edit(after);
  if (typeof again === "object") return again;
  if (again !== after)
    return refusal(`the edit of ${at} would be made again in every run: let the pattern match the line that is written, and only it`);
  return wholeFile({ ...task, content: task.secret ? new Secret(after, true) : after }, answers);
}
