/** Where a keyword can stand. */
export type Place = "play" | "role" | "block" | "task" | "handler" | "include";

/** A word of the playbook language: what it does, or why it is refused and what to write instead. */
export interface Keyword {
  readonly name: string;
  readonly places: readonly Place[];
  /** What it says, one sentence; absent for a refused one. */
  readonly summary?: string;
  /** Set when Ansible has the word and Rempart does not: what to do instead. */
  readonly instead?: string;
}

const everywhere: readonly Place[] = ["play", "role", "block", "task", "handler", "include"];
const inside: readonly Place[] = ["role", "block", "task", "handler", "include"];
const tasks: readonly Place[] = ["task", "handler"];
const play: readonly Place[] = ["play"];
const later = "it does not work yet";

function word(name: string, places: readonly Place[], summary: string): Keyword {
  return { name, places, summary };
}

function refused(name: string, places: readonly Place[], instead: string): Keyword {
  return { name, places, instead };
}

/** Every keyword of plays, role uses, blocks, tasks, handlers and includes; those of Ansible that Rempart refuses are among them. */
export const keywords: readonly Keyword[] = [
  word("name", everywhere, "What people read in output and lists."),
  word("tags", everywhere, "Words to run a part by: `--tags web`. `always` and `never` are special; handed down to everything inside."),
  word("controls", everywhere, "Ids of the controls that this fulfils, such as S4-015; handed down to everything inside."),
  word("vars", everywhere, "Variables for everything inside."),
  word("become", everywhere, "Act as another user, `root` unless become_user says otherwise."),
  word("become_user", everywhere, "The user to become."),
  word("become_method", everywhere, "How to become: sudo, su or doas."),
  word("check_mode", everywhere, "true: only look, never change. false: act even in a check run."),
  word("diff", everywhere, "Show or hide text differences here."),
  word("ignore_errors", everywhere, "Go on behind a failure."),
  word("any_errors_fatal", everywhere, "A failure on one host ends the run for all."),
  word("run_once", everywhere, "Only the first host of the batch does it; all hosts get what it returned."),
  word("environment", everywhere, "Variables for the programs that are run: a map, or a list of maps; inner ones win."),
  word("timeout", everywhere, "Seconds that the steps of a task may take together; then they are killed and the task fails."),
  word("throttle", everywhere, "At most so many hosts act at the same time; 0 means no bound."),
  word("module_defaults", everywhere, "Arguments by the name of a module, for every task with it: `{ file: { owner: root } }`."),
  word("when", inside, "Condition in CEL; a list means that all must hold."),

  word("delegate_to", inside, "The host that it is done on, in place of this one, with the variables of this one."),

  word("hosts", play, "Pattern of hosts to run on."),
  word("gather_facts", play, "false: do not ask the facts of the hosts (`facts.*`) at the start."),
  word("vars_files", play, "Files with variables."),
  word("roles", play, "Roles to run, in order, before tasks."),
  word("pre_tasks", play, "Tasks to run before the roles; what they notify runs behind them."),
  word("tasks", play, "Tasks to run, in order, behind the roles; what roles and tasks notify runs behind them."),
  word("post_tasks", play, "Tasks to run last; what they notify runs behind them."),
  word("handlers", play, "Tasks that run at the end, when notified."),
  word("strategy", play, "linear: hosts go on together, task by task; free: each goes on as fast as it can."),
  word("serial", play, "Hosts at a time: a number, a percentage, or a list of them whose last one is repeated."),
  word("order", play, "inventory, reverse_inventory, sorted or reverse_sorted: the order in which hosts are taken."),
  word("max_fail_percentage", play, "When more of the hosts of a batch have failed, the run ends."),

  word("role", ["role"], "Name of the role."),

  word("block", ["block"], "Tasks that belong together."),
  word("rescue", ["block"], "Tasks to run when one of the block fails."),
  word("always", ["block"], "Tasks to run behind the block, whatever happened."),
  word(
    "guard",
    ["block"],
    "Undo the block unless the host is seen to be reachable behind it: `{ within: 90s }`, and `port` when sshd moves.",
  ),

  word("loop", ["task", "handler", "include"], "A list: the task runs once for each item."),
  word("loop_control", ["task", "handler", "include"], "loop_var, index_var, label, pause, extended and extended_allitems of the loop."),
  word("with_items", ["task", "handler", "include"], "Ansible's older spelling of loop; lists in the list are flattened once."),
  word("with_list", ["task", "handler", "include"], "Ansible's older spelling of loop."),
  word("with_dict", ["task", "handler", "include"], "A map: the task runs once for each key, with item.key and item.value."),
  word(
    "with_fileglob",
    ["task", "handler", "include"],
    "Patterns of files on the controller: the task runs once for each file, by its path.",
  ),
  word("args", tasks, "More arguments of the module, beside a free form."),
  word("register", tasks, "Variable that gets the result."),
  word("until", tasks, "Condition in CEL over the result: the task is tried again until it holds."),
  word("retries", tasks, "How many times it is tried again, 3 with until; without until it is tried again while it fails."),
  word("delay", tasks, "Seconds between two tries, 5 unless said otherwise."),
  word("changed_when", tasks, "Condition that decides whether the task counts as changed."),
  word("failed_when", tasks, "Condition that decides whether the task counts as failed."),
  word("notify", tasks, "Handlers to run at the end when this task changed something."),
  word("listen", ["handler"], "More names under which the handler is notified."),
  word("apply", ["include"], "Ansible's way to hand keywords down to what is included."),

  refused("force_handlers", play, `${later}; use "meta: flush_handlers" where handlers must run`),
  refused("vars_prompt", play, "a run asks nobody, so that a timer can start it; give the value with -e, or a secret with the vault"),
  refused("gather_subset", play, "all facts are asked in one question; remove it"),
  refused("gather_timeout", play, "every question has its own bound; remove it"),
  refused("fact_path", play, "there are no local facts; put the values into host_vars"),
  refused("remote_user", everywhere, "set ansible_user in the inventory"),
  refused("port", ["play", "block", "task", "handler", "include"], "set ansible_port in the inventory"),
  refused("connection", everywhere, "set ansible_connection in the inventory"),
  refused("ignore_unreachable", everywhere, "a host that cannot be reached leaves the run, and the others go on without it; remove it"),
  refused("delegate_facts", inside, "set the fact in a play for that host, or put the value into its host_vars"),
  refused("no_log", everywhere, "remove it: a value from the vault or from secret_env is never shown, whatever happens"),
  refused("collections", everywhere, "remove it: every module is built in"),
  refused("debugger", everywhere, "run with -v, or with --check --diff"),
  refused("become_exe", everywhere, "the program is found in PATH; remove it"),
  refused("become_flags", everywhere, "no flags are needed; remove it"),
  refused("async", tasks, "a task is waited for however long it takes; bound it with timeout: SECONDS"),
  refused("poll", tasks, "a task is waited for; what is to go on behind it belongs into a unit that systemd starts"),
  refused("action", tasks, 'write the module as the key: "apt: { name: nginx }"'),
  refused("local_action", tasks, 'write the module as the key, and "delegate_to: localhost"'),
  refused("with_first_found", inside, "write the file name, with a variable in it where it differs"),
  refused("with_sequence", inside, "write a loop over the numbers: loop: [1, 2, 3]"),
  refused("with_indexed_items", inside, "write a loop with loop_control: { index_var: number }"),
  refused("with_nested", inside, "write a loop over a list of maps"),
  refused("with_together", inside, "write a loop over a list of maps"),
  refused("with_subelements", inside, "write a loop over a list of maps"),
  refused("with_flattened", inside, "write a loop over one flat list"),
  refused("with_inventory_hostnames", inside, 'write a loop over groups: loop: "{{ groups.web }}"'),
];

const byName = new Map(keywords.map((k) => [k.name, k]));

/** The keyword of this name, wherever it belongs; any `with_...` of Ansible counts. */
export function keywordNamed(name: string): Keyword | undefined {
  return byName.get(name) ?? (/^with_[a-z_]+$/.test(name) ? refused(name, inside, "write a loop over a list") : undefined);
}

/** Names that need no help: `community.docker.x` keeps its prefix, Ansible's own modules lose theirs. */
export function plainName(name: string): string {
  return name.replace(/^ansible\.(builtin|legacy)\./, "");
}

/** Names of the keywords that work at this place; with `refused`, those of Ansible too. */
export function keywordsOf(place: Place, refused = false): readonly string[] {
  return keywords.filter((k) => k.places.includes(place) && (refused || k.instead === undefined)).map((k) => k.name);
}
