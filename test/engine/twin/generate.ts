import fc from "fast-check";
import type { Disturbance } from "./disturbed.ts";
import { predictable } from "./tasks/predictable.ts";

/** A generated playbook with the state that it starts from. */
export interface Case {
  /** Shell text that makes the starting state. */
  readonly before: string;
  /** Tasks as plain data; handlers are fixed. */
  readonly tasks: readonly Record<string, unknown>[];
  /** What happens on the host before the playbook runs a second time: most tasks then have nothing to do. None: no second run. */
  readonly drift: string | null;
  /** What others do in the midst of it. */
  readonly disturbances: readonly Disturbance[];
  /** Failures of tasks are ignored, so that the play goes on to its end. */
  readonly forgiving: boolean;
}

const root = "/lab";
const folders = ["d1", "d2", "d1/sub", "link", "link/sub"] as const;
const files = ["a", "b.conf"] as const;
const owners = ["root", "1500", "late", "daemon"] as const;

const folder = fc.constantFrom(...folders).map((f) => `${root}/${f}`);
const file = fc.tuple(fc.constantFrom(root, ...folders.map((f) => `${root}/${f}`)), fc.constantFrom(...files)).map(([d, f]) => `${d}/${f}`);
const mode = fc.constantFrom("0644", "0600", "0755", "0750");
const owner = fc.constantFrom(...owners);
const text = fc.constantFrom("", "one\n", "one\ntwo\n", "no newline", "spaces and 'quotes' $HOME `x`\n", "key=1\nkey=2\n");
const line = fc.constantFrom("key=1", "key=3", "added", "# comment");

/** One task without its name: cheap ones that can be predicted, and those that write where no one looks. */
const task: fc.Arbitrary<Record<string, unknown>> = fc.oneof(
  // Of files: they make the long chains.
  ...predictable.slice(0, 6).map(([weight, arbitrary]) => ({ weight: 3 * weight, arbitrary })),
  { weight: 4, arbitrary: fc.record({ file: fc.record({ path: folder, state: fc.constant("directory"), mode, owner }) }) },
  { weight: 1, arbitrary: fc.record({ file: fc.record({ path: folder, state: fc.constant("absent") }) }) },
  { weight: 1, arbitrary: fc.record({ file: fc.record({ path: file, state: fc.constant("absent") }) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      file: fc.record({
        path: fc.constant(`${root}/link`),
        src: fc.constantFrom("d1", "d2", "/lab/d1", "nowhere"),
        state: fc.constant("link"),
      }),
    }),
  },
  { weight: 5, arbitrary: fc.record({ copy: fc.record({ dest: file, content: text, mode, owner }) }) },
  { weight: 2, arbitrary: fc.record({ copy: fc.record({ dest: file, content: text }) }) },
  {
    weight: 4,
    arbitrary: fc.record({ lineinfile: fc.record({ path: file, line, regexp: fc.constantFrom("^key=", "^#"), create: fc.boolean() }) }),
  },
  { weight: 2, arbitrary: fc.record({ lineinfile: fc.record({ path: file, line, state: fc.constant("absent") }) }) },
  { weight: 2, arbitrary: fc.record({ blockinfile: fc.record({ path: file, block: text, create: fc.constant(true), mode }) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      group: fc.record({ name: fc.constantFrom("late", "labs"), gid: fc.constantFrom(1500, 1501), state: fc.constant("present") }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      user: fc.record({
        name: fc.constant("late"),
        uid: fc.constantFrom(1500, 1502),
        create_home: fc.constant(false),
        state: fc.constantFrom("present", "present", "absent"),
      }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      command: fc.record({ argv: fc.tuple(fc.constant("cp"), file, file), always: fc.constant("it writes elsewhere") }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      shell: fc.record({
        cmd: fc.constantFrom(`echo drift >> ${root}/d1/a`, `rm -rf ${root}/d2`, `chmod 700 ${root}/d1`, "exit 3"),
        always: fc.constant("it writes elsewhere"),
      }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ command: fc.record({ cmd: file.map((f) => `touch ${f}`), creates: file }) }) },
  { weight: 1, arbitrary: fc.record({ stat: fc.record({ path: file }) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      sysctl: fc.record({
        name: fc.constantFrom("vm.swappiness", "kernel.kptr_restrict"),
        value: fc.constantFrom(1, 2),
        reload: fc.constant(false),
        sysctl_file: fc.constant(`${root}/d1/a`),
      }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      authorized_key: fc.record({
        user: fc.constantFrom("daemon", "late"),
        key: fc.constant("ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJDUi0Wv8yEAD05tQbHdhb1qmDzFxF8b7ktPp4Eq2Ejk alice@laptop"),
        path: fc.constant(`${root}/d1/keys`),
        manage_dir: fc.constant(false),
        exclusive: fc.boolean(),
      }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      deb822_repository: fc.record({
        name: fc.constant("lab"),
        uris: fc.constant("https://packages.example.org/debian"),
        suites: fc.constantFrom("trixie", "bookworm"),
        components: fc.constant("main"),
        signed_by: fc.constant("/usr/share/keyrings/lab.asc"),
      }),
    }),
  },
  { weight: 1, arbitrary: unitFile() },
  {
    weight: 1,
    arbitrary: fc.record({
      systemd: fc.record({ name: fc.constant("lab.service"), state: fc.constantFrom("started", "stopped"), daemon_reload: fc.boolean() }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ systemd: fc.record({ name: fc.constant("lab.service"), enabled: fc.boolean() }) }) },
);

/** A unit that an earlier task writes, in two versions. */
function unitFile(): fc.Arbitrary<Record<string, unknown>> {
  const content = (seconds: number): string =>
    `[Unit]\nDescription=lab ${seconds}\n[Service]\nExecStart=/bin/sleep ${seconds}\n[Install]\nWantedBy=multi-user.target\n`;
  return fc.record({
    copy: fc.record({
      dest: fc.constant("/etc/systemd/system/lab.service"),
      content: fc.constantFrom(content(1000), content(2000)),
      mode: fc.constant("0644"),
    }),
  });
}

/** What surrounds a task: registering, conditions on earlier results, loops, handlers, failures that are ignored or rescued. */
const dressed: fc.Arbitrary<Record<string, unknown>> = fc.oneof(
  { weight: 6, arbitrary: task },
  { weight: 2, arbitrary: task.map((t) => ({ ...t, register: "r" })) },
  { weight: 2, arbitrary: task.map((t) => ({ ...t, when: "r.changed" })) },
  { weight: 1, arbitrary: task.map((t) => ({ ...t, when: "!r.failed" })) },
  { weight: 2, arbitrary: task.map((t) => ({ ...t, ignore_errors: true })) },
  { weight: 2, arbitrary: task.map((t) => ({ ...t, register: "r", until: "!r.failed", retries: 1, delay: 0 })) },
  { weight: 1, arbitrary: task.map((t) => ({ ...t, environment: { LC_ALL: "C", LAB: "it's {{ inventory_hostname }}" } })) },
  { weight: 2, arbitrary: fc.tuple(task, fc.constantFrom("leave a mark", "marks")).map(([t, notify]) => ({ ...t, notify })) },
  { weight: 1, arbitrary: fc.constant({ meta: "flush_handlers" }) },
  {
    weight: 1,
    arbitrary: fc.record({
      copy: fc.record({ dest: fc.constant(`${root}/{{ item }}`), content: fc.constant("{{ item }}\n") }),
      loop: fc.constant(["x", "y", "x"]),
    }),
  },
  {
    weight: 1,
    arbitrary: fc
      .tuple(task, task, task)
      .map(([a, b, c]) => ({ block: [{ name: "tried", ...a }], rescue: [{ name: "rescued", ...b }], always: [{ name: "always", ...c }] })),
  },
);

const ground = [
  "mkdir -p /lab/d1/sub",
  "mkdir -p /lab/d2 && chmod 2775 /lab/d2",
  "ln -sfn d1 /lab/link",
  "mkdir -p /lab/d1 && printf 'key=1\\n' > /lab/d1/a",
  "printf 'one\\ntwo\\n' > /lab/a",
  "touch /lab/b.conf && chown 1500 /lab/b.conf",
];
const start = fc
  .tuple(...ground.map((line) => fc.integer({ min: 0, max: 7 }).map((n) => (n > 0 ? [line] : []))))
  .map((lines) => lines.flat());

/** Small disturbances; a second run has to find and mend what they touch, and only that. */
const drift = fc.constantFrom(
  "true",
  "echo drift >> /lab/d1/a",
  "echo drift >> /lab/a",
  "echo key=1 > /lab/a",
  "rm -f /lab/a /lab/d2/a",
  "rm -f /lab/d1/a",
  "mkdir -p /lab/d1/sub",
  "chown daemon /lab/a /lab/d1/a",
  "chmod 700 /lab/d1 /lab/d2",
  "rm -rf /lab/link; ln -s d2 /lab/link",
  "rm -f /lab/x /lab/mark",
  "systemctl stop lab.service",
);

const disturbance: fc.Arbitrary<Disturbance> = fc.record({
  step: fc.integer({ min: 1, max: 8 }),
  when: fc.constantFrom("before" as const, "after" as const, "after" as const, "after" as const, "killed" as const),
  what: drift,
});

export const cases: fc.Arbitrary<Case> = fc.record({
  before: start.map((s) => s.join("\n")),
  tasks: fc.array(dressed, { minLength: 4, maxLength: 10 }),
  drift: fc.option(drift),
  disturbances: fc.oneof(
    { weight: 1, arbitrary: fc.constant([]) },
    { weight: 3, arbitrary: fc.array(disturbance, { minLength: 2, maxLength: 6 }) },
  ),
  forgiving: fc.integer({ min: 0, max: 3 }).map((n) => n > 0),
});

/** The playbook as text: JSON is YAML. */
export function playbookText(c: Case): string {
  const tasks = [{ name: "begin", stat: { path: root }, register: "r" }, ...c.tasks.map((t, i) => ({ name: `task ${i}`, ...t }))];
  const handlers = [
    { name: "leave a mark", copy: { dest: `${root}/mark`, content: "marked\n" } },
    {
      name: "count the marks",
      listen: "marks",
      shell: { cmd: `echo marked >> ${root}/marks`, always: "it counts" },
      notify: "leave a mark",
    },
  ];
  return JSON.stringify([{ name: "twin", hosts: "all", gather_facts: false, ignore_errors: c.forgiving, tasks, handlers }], null, 2);
}
