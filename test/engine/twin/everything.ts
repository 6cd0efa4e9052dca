import fc from "fast-check";
import type { DriftName } from "./fake/drifts.ts";
import { type Fault, faultOf } from "./fake/faults.ts";
import type { Task } from "./tasks/argument.ts";
import { stories } from "./tasks/stories.ts";
import { type Theme, themes } from "./tasks/task.ts";

/** A playbook over all modules, with the hosts that it meets. */
export interface World {
  readonly hosts: readonly {
    /** What was done to the machine before. */
    readonly start: readonly DriftName[];
    readonly faults: readonly Fault[];
  }[];
  readonly tasks: readonly Task[];
  /** Which host goes when, and when the run ends early. */
  readonly course: Task;
  /** Failures of tasks are ignored, so that the play goes on to its end. */
  readonly forgiving: boolean;
  /** The tasks are spread over pre_tasks, tasks and post_tasks. */
  readonly sections: boolean;
}

/** So begins the name of a task that is done alone. */
const alone = "alone: ";

export function isDoneAlone(task: string): boolean {
  return task.startsWith(alone);
}

const handlers = [
  { name: "leave a mark", copy: { dest: "/lab/mark", content: "marked\n" } },
  { name: "restart webd", systemd: { name: "webd", state: "restarted" }, listen: ["web", "all"] },
  { name: "restart app", systemd: { name: "app", state: "restarted" }, listen: "all" },
  { name: "reload the firewall", ufw: { state: "reloaded" } },
  { name: "restart the project", docker_compose: { project_src: "/srv/app", state: "restarted" }, listen: "all" },
  { name: "count", command: { cmd: "append-a", always: "it counts" }, notify: "leave a mark" },
  { name: "read the units", systemd: { daemon_reload: true } },
];
const names = [
  "leave a mark",
  "restart webd",
  "restart app",
  "reload the firewall",
  "restart the project",
  "count",
  "read the units",
  "web",
  "all",
  "marked",
];

/** A handler that two hosts do alone: once, and on the second one. */
function markOf(hosts: number): Task {
  const mark = { copy: { dest: "/lab/alone", content: "{{ inventory_hostname }}\n" }, listen: "marked" };
  return hosts === 1 ? { name: "mark", ...mark } : { name: `${alone}mark`, ...mark, run_once: true, delegate_to: "fake1" };
}

/** Tasks that two hosts do alone: on one of them, once, or both. */
function alones(task: fc.Arbitrary<Task>): fc.Arbitrary<Task> {
  const name = `${alone}task`;
  const host = fc.constantFrom("fake0", "fake1", "{{ groups.all.[1] }}");
  return fc.oneof(
    task.map((t) => ({ ...t, name, run_once: true })),
    task.map((t) => ({ ...t, name, run_once: true, register: "r", ignore_errors: true })),
    fc.tuple(task, host).map(([t, delegate_to]) => ({ ...t, name, delegate_to })),
    fc.tuple(task, host).map(([t, delegate_to]) => ({ ...t, name, delegate_to, register: "r", notify: "marked", ignore_errors: true })),
    fc.tuple(task, host).map(([t, delegate_to]) => ({ ...t, name, delegate_to, run_once: true, when: "!r.failed" })),
    task.map((t) => ({ ...t, name, delegate_to: "fake1", when: 'inventory_hostname == "fake0"' })),
    fc.constantFrom(
      { name, copy: { dest: "/lab/{{ item }}", content: "x\n" }, loop: ["x", "y"], run_once: true, register: "r" },
      { name, file: { path: "/lab/of_{{ inventory_hostname }}", state: "directory" }, loop: ["fake1", "fake0"], delegate_to: "{{ item }}" },
      { name, group: { name: "labs" }, delegate_to: "fake1", run_once: true, notify: "all" },
      { name, set_fact: { level: "{{ inventory_hostname }}" }, run_once: true },
    ),
  );
}

const courses: fc.Arbitrary<Task> = fc.constantFrom(
  {},
  {},
  {},
  { serial: 1 },
  { any_errors_fatal: true },
  { max_fail_percentage: 0 },
  { max_fail_percentage: 50 },
  { order: "reverse_inventory", serial: "50%" },
);

/** Which tries a task gets. */
const trying = fc.record(
  { until: fc.constantFrom("!r.failed", "r.changed", "!r.changed", "r.failed", "r.attempts > 1"), retries: fc.constantFrom(0, 1, 2) },
  { requiredKeys: ["retries"] },
);

const surroundings = fc.record({
  environment: fc.constantFrom({ LEVEL: "{{ level }}" }, [{ A: "1", B: "2" }, { B: "3" }]),
  timeout: fc.constantFrom(5, 60),
});

/** What surrounds a task: registering, conditions on earlier results, loops, handlers, failures that are ignored or rescued. */
function dressed(task: fc.Arbitrary<Task>): fc.Arbitrary<Task> {
  const named = (name: string): fc.Arbitrary<Task> => task.map((t) => ({ name, ...t }));
  return fc.oneof(
    { weight: 10, arbitrary: task },
    { weight: 3, arbitrary: task.map((t) => ({ ...t, register: "r" })) },
    { weight: 2, arbitrary: task.map((t) => ({ ...t, when: "r.changed" })) },
    { weight: 2, arbitrary: task.map((t) => ({ ...t, when: "!r.failed" })) },
    { weight: 3, arbitrary: task.map((t) => ({ ...t, ignore_errors: true })) },
    { weight: 1, arbitrary: task.map((t) => ({ ...t, ignore_errors: true, register: "r" })) },
    { weight: 1, arbitrary: task.map((t) => ({ ...t, become: false })) },
    { weight: 1, arbitrary: task.map((t) => ({ ...t, register: "r", failed_when: "r.changed", ignore_errors: true })) },
    { weight: 1, arbitrary: task.map((t) => ({ ...t, register: "r", failed_when: "!r.changed", ignore_errors: true })) },
    { weight: 1, arbitrary: task.map((t) => ({ ...t, changed_when: false })) },
    { weight: 3, arbitrary: fc.tuple(task, fc.constantFrom(...names)).map(([t, notify]) => ({ ...t, notify })) },
    { weight: 3, arbitrary: fc.tuple(task, trying).map(([t, tried]) => ({ ...t, ...tried, register: "r", delay: 0 })) },
    {
      weight: 1,
      arbitrary: fc.tuple(task, trying).map(([t, tried]) => ({ ...t, ...tried, register: "r", delay: 0, ignore_errors: true })),
    },
    { weight: 2, arbitrary: fc.tuple(task, surroundings).map(([t, around]) => ({ ...t, ...around })) },
    { weight: 1, arbitrary: fc.constant({ meta: "flush_handlers" }) },
    { weight: 1, arbitrary: fc.constant({ include_tasks: "more.yml" }) },
    { weight: 1, arbitrary: fc.constantFrom(...stories) },
    {
      weight: 1,
      arbitrary: fc.constantFrom(
        { copy: { dest: "/lab/{{ item }}", content: "{{ item }}\n" }, loop: ["x", "a", "x"] },
        { copy: { dest: "/lab/{{ item }}", content: "x\n" }, loop: ["x", "nowhere/a", "a"], retries: 1, delay: 0, ignore_errors: true },
        {
          copy: { dest: "/lab/{{ item }}", content: "{{ ansible_loop.index }}\n" },
          loop: ["x", "a"],
          loop_control: { extended: true, pause: 0 },
        },
        { file: { path: "/lab/{{ item.key }}", state: "{{ item.value }}" }, with_dict: { d1: "directory", a: "absent" } },
        { file: { path: "/lab/{{ item }}", state: "directory" }, loop: ["d1", "d1/sub", "a"], ignore_errors: true },
        { systemd: { name: "{{ item }}", state: "started" }, loop: ["webd", "app"], register: "r" },
        { group: { name: "{{ item }}" }, loop: ["labs", "late"], notify: "leave a mark" },
        { apt: { name: "{{ item }}" }, loop: ["tool", "webd", "nothing"] },
      ),
    },
    {
      weight: 2,
      arbitrary: fc
        .tuple(
          fc.array(named("tried"), { minLength: 1, maxLength: 3 }),
          named("rescued"),
          named("always"),
          fc.constantFrom("rescue", "always", "both"),
        )
        .map(([block, rescue, always, has]) => ({
          block,
          ...(has !== "always" && { rescue: [rescue] }),
          ...(has !== "rescue" && { always: [always] }),
        })),
    },
  );
}

function hostOf({ drifts, ground }: Theme): fc.Arbitrary<World["hosts"][number]> {
  const fault = faultOf(drifts);
  return fc.record({
    start: fc
      .tuple(
        // Nearly always there, so that most tasks get somewhere.
        fc.tuple(...ground.map((name) => fc.integer({ min: 0, max: 9 }).map((n) => (n > 0 ? [name] : [])))),
        fc.array(fc.constantFrom(...drifts), { maxLength: 2 }),
      )
      .map(([most, more]) => [...most.flat(), ...more]),
    faults: fc.oneof(
      { weight: 1, arbitrary: fc.constant([]) },
      { weight: 3, arbitrary: fc.array(fault, { minLength: 1, maxLength: 3 }) },
      { weight: 2, arbitrary: fc.array(fault, { minLength: 4, maxLength: 8 }) },
    ),
  });
}

function worldOf(theme: Theme): fc.Arbitrary<World> {
  const host = hostOf(theme);
  const one = dressed(theme.task);
  const forgiving = fc.integer({ min: 0, max: 3 }).map((n) => n > 0);
  const sections = fc.integer({ min: 0, max: 3 }).map((n) => n === 0);
  const tasks = (of: fc.Arbitrary<Task>): fc.Arbitrary<Task[]> => fc.array(of, { minLength: 3, maxLength: 14 });
  return fc.oneof(
    { weight: 2, arbitrary: fc.record({ hosts: fc.tuple(host), tasks: tasks(one), course: fc.constant({}), forgiving, sections }) },
    {
      weight: 1,
      arbitrary: fc.record({
        hosts: fc.tuple(host, host),
        tasks: tasks(fc.oneof({ weight: 3, arbitrary: one }, { weight: 1, arbitrary: alones(theme.task) })),
        course: courses,
        forgiving,
        sections,
      }),
    },
  );
}

export const worlds: fc.Arbitrary<World> = fc.oneof(...themes.map(worldOf));

/** The files of the controller: JSON is YAML. */
export function filesOf(world: World): Readonly<Record<string, string | Buffer>> {
  const tasks = [{ name: "begin", stat: { path: "/lab" }, register: "r" }, ...world.tasks.map((t, i) => ({ name: `task ${i}`, ...t }))];
  const play = {
    name: "twin",
    hosts: "all",
    gather_facts: false,
    become: true,
    vars: { level: "one" },
    ignore_errors: world.forgiving,
    environment: { A: "play" },
    ...world.course,
    // A third of the tasks come before the others, so that handlers run in between.
    pre_tasks: world.sections ? tasks.slice(0, Math.ceil(tasks.length / 3)) : [],
    tasks: world.sections ? tasks.slice(Math.ceil(tasks.length / 3), -1) : tasks,
    post_tasks: world.sections ? tasks.slice(-1) : [],
    handlers: [...handlers, markOf(world.hosts.length)],
  };
  return {
    "site.yml": JSON.stringify([play], null, 2),
    "more.yml": JSON.stringify([
      { name: "more", copy: { dest: "/lab/more", content: "more {{ level }}\n" }, notify: "count" },
      { name: "still more", stat: { path: "/lab/a" }, register: "r" },
    ]),
    blob: Buffer.from([0x7f, 0x45, 0x00, 0xff, 0x0a]),
    "pack.tar": JSON.stringify({ a: "key=1\n", "sub/two": "2\n", "b.conf": "ok\n" }),
    "conf.hbs": "level = {{ level }}\n",
  };
}
