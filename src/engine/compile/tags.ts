import type { TaskEntry } from "../../playbook/model.ts";

export interface TagChoice {
  readonly tags: readonly string[];
  readonly skipTags: readonly string[];
}

/**
 * Is the task part of a run with these tags? Ansible's meaning of always, never, all, tagged and untagged, but for one thing: what is tagged
 * `never` is not woken by a tag that it inherits from further out. `--tags nginx` shall not upgrade what the role nginx tags `upgrade, never`.
 */
export function isChosen(task: Pick<TaskEntry, "inherited">, choice: TagChoice): boolean {
  const own = new Set(task.inherited.tags);
  const wanted = choice.tags.length === 0 ? ["all"] : choice.tags;
  const named = wanted.some((t) => own.has(t));
  if (
    choice.skipTags.some(
      (t) => own.has(t) || (t === "all" && !own.has("always")) || (t === "tagged" && own.size > 0) || (t === "untagged" && own.size === 0),
    )
  )
    return false;
  if (own.has("never") && !wanted.some((t) => task.inherited.wakes?.includes(t))) return false;
  if (own.has("always") || named || wanted.includes("all")) return true;
  return (wanted.includes("tagged") && own.size > 0) || (wanted.includes("untagged") && own.size === 0);
}
