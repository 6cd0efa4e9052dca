import { coursePage } from "./coursePage.ts";
import { code, generated, markdownTable, page } from "./markdown.ts";

/** A keyword as the page tells it. */
export interface PageKeyword {
  readonly name: string;
  readonly places: readonly string[];
  readonly summary?: string;
  readonly instead?: string;
}

/** docs/language.md: every keyword, what is taken and how, and what to write instead of what is not. */
export function languagePage(keywords: readonly PageKeyword[]): string {
  const taken = keywords.filter((k) => k.instead === undefined);
  const refused = keywords.filter((k) => k.instead !== undefined);
  return page(
    generated,
    "# The language",
    "A keyword that Ansible has keeps its name and its meaning. Conditions are CEL, values are Handlebars: [values and conditions](templates.md). What is wrong with a keyword is told before anything is connected.",
    "## Keywords",
    markdownTable(
      ["keyword", "stands in", "what it does"],
      taken.map((k) => [code(k.name), placesOf(k), k.summary ?? ""]),
    ),
    ...sections,
    "## What Ansible has and Rempart does another way",
    markdownTable(
      ["keyword", "instead"],
      refused.map((k) => [code(k.name), k.instead ?? ""]),
    ),
  );
}

function placesOf({ places }: PageKeyword): string {
  const most = ["play", "role", "block", "task", "handler", "include"];
  if (most.every((p) => places.includes(p))) return "everywhere";
  return places.join(", ");
}

const yaml = (...lines: readonly string[]): string => ["```yaml", ...lines, "```"].join("\n");

const sections: readonly string[] = [
  "## Tried again: until, retries, delay",
  yaml(
    "- hosts: web",
    "  tasks:",
    "    - name: Wait for the answer",
    "      uri: { url: 'http://127.0.0.1:8096/health', return_content: true }",
    "      register: answer",
    "      until: answer.content == 'Healthy'",
    "      retries: 10",
    "      delay: 3",
  ),
  [
    "- `retries: 10` are up to 11 tries, the first and ten more; `until` alone has 3 retries. Without `until` a task with `retries` is tried again while it fails.",
    "- `until` is judged behind `changed_when` and `failed_when`, over the result under the name of `register`. A try that failed so early that the result lacks a field which `until` reads is one more try, not an error.",
    "- The result has `attempts`, the number of tries that were made. (Ansible counts one less when it gives up.)",
    "- Behind the last try the task fails. A failure that `until` is content with stays a failure.",
    "- Each item of a loop has tries of its own. Each try asks and decides anew, so a state does only what is left.",
    "- Each try that is to be followed by another is an event (`retry`) and a line: `attempt 1 of 11`.",
    "- In check mode questions are asked again as in a run; what would not be run is not tried.",
  ].join("\n"),
  "## Environment and bounds",
  yaml(
    "- hosts: web",
    "  environment: { http_proxy: 'http://proxy.lan:3128' }",
    "  tasks:",
    "    - name: Load the data",
    "      command: { cmd: /usr/local/bin/load, creates: /srv/data }",
    '      environment: { TOKEN: \'{{ secret "env" "LOAD_TOKEN" }}\' }',
    "      timeout: 120",
  ),
  [
    "- The maps of play, role, block and task merge; the inner value of a variable wins. A handler has the environment of its own place, not of the task that notified it.",
    "- It holds for every program that a task starts, for `unless`, `only_if` and `reads`, for the requests of `uri` and for compose files. Variables that a module needs itself stay its own.",
    "- A value is a text or a number; a secret may be in it, and is seen in no process list.",
    "- `timeout` is in seconds and holds for all steps of one try of one item together, and for a question that runs your text. What is late is killed with everything that it started, and the task fails.",
    "- `throttle` bounds how many hosts act at the same time; a chain of tasks counts as its strictest task.",
  ].join("\n"),
  "## Parts of a play",
  "`pre_tasks`, then `roles`, then `tasks`, then `post_tasks`. What was notified runs behind `pre_tasks`, behind `tasks` and at the end.",
  "All handlers of a play share their names, those of its roles too: the last of a name is the one that is notified, and `role : name` tells them apart. They run in the order of the roles, then the play's own, then those of included roles; under a topic (`listen`) all run.",
  ...coursePage,
  "## Loops",
  markdownTable(
    ["loop_control", "what it does"],
    [
      [code("loop_var"), "Name of the item instead of `item`."],
      [code("index_var"), "Name for the number of the turn, from 0."],
      [code("label"), "What is shown of a turn."],
      [code("pause"), "Seconds between two turns; each turn is then asked and done for itself. No pause behind a turn that was skipped."],
      [
        code("extended"),
        "true: each turn sees `ansible_loop` with index, index0, revindex, revindex0, first, last, length, previtem, nextitem and allitems.",
      ],
      [code("extended_allitems"), "false: without allitems."],
    ],
  ),
  "`with_items` flattens once, `with_dict` gives `item.key` and `item.value`, `with_fileglob` the files of `files/` (of the role, then beside the playbook) that match, by name.",
  "`when` is asked for each turn. The list must be there before that, unless the condition is false whatever the item.",
  "## Arguments for many tasks: module_defaults",
  yaml(
    "- hosts: web",
    "  module_defaults:",
    "    file: { owner: root, group: root }",
    "  tasks:",
    "    - file: { path: /srv/www, state: directory }",
  ),
  "An argument of the task wins. Where two maps name the same module, the inner one counts alone. Groups of modules (`group/...`) are refused.",
];
