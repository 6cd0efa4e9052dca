import { describe, expect, it } from "vitest";
import { keywordNamed, keywords, type Place } from "../../src/playbook/keywords.ts";

/** Ansible's own lists (its page on playbook keywords; notify of a block is told as a keyword of tasks), so that none of its words is taken for a module or told as unknown. */
const ansible: Readonly<Record<"play" | "role" | "block" | "task", string>> = {
  play: `any_errors_fatal become become_exe become_flags become_method become_user check_mode collections connection debugger diff environment
    fact_path force_handlers gather_facts gather_subset gather_timeout handlers hosts ignore_errors ignore_unreachable max_fail_percentage
    module_defaults name no_log order port post_tasks pre_tasks remote_user roles run_once serial strategy tags tasks throttle timeout vars vars_files vars_prompt`,
  role: `any_errors_fatal become become_exe become_flags become_method become_user check_mode collections connection debugger delegate_facts
    delegate_to diff environment ignore_errors ignore_unreachable module_defaults name no_log remote_user run_once tags throttle timeout vars when`,
  block: `always any_errors_fatal become become_exe become_flags become_method become_user block check_mode collections connection debugger
    delegate_facts delegate_to diff environment ignore_errors ignore_unreachable module_defaults name no_log port remote_user rescue
    run_once tags throttle timeout vars when`,
  task: `action any_errors_fatal args async become become_exe become_flags become_method become_user changed_when check_mode collections
    connection debugger delay delegate_facts delegate_to diff environment failed_when ignore_errors ignore_unreachable local_action loop
    loop_control module_defaults name no_log notify poll port register remote_user retries run_once tags throttle timeout until vars when
    with_items with_dict with_fileglob with_whatever_there_is`,
};

describe("the keyword table", () => {
  it.each(Object.entries(ansible))("knows every keyword that Ansible has for a %s, to do it or to name the way out", (place, words) => {
    const missing = words
      .trim()
      .split(/\s+/)
      .filter((word) => !keywordNamed(word)?.places.includes(place as Place));
    expect(missing).toEqual([]);
  });

  it("says for each word what it does or what to do instead, and names none twice", () => {
    for (const k of keywords) expect(`${k.name}: ${k.summary ?? k.instead ?? ""}`).toMatch(/: .{4}/);
    expect(new Set(keywords.map((k) => k.name)).size).toBe(keywords.length);
  });
});
