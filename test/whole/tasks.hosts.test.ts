import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { TestHost } from "../hosts/attached.ts";
import { sharedHost } from "../hosts/shared.ts";
import { Bench, type Ended } from "./bench.ts";

const word = `word-${randomBytes(9).toString("hex")}`;
const always = "a test";
let host: TestHost;
let bench: Bench;
let lab: string;

/** What the keywords of tasks do to real programs: each run below a folder of its own. */
function playbook(folder: string): object[] {
  const processes = `cat /proc/[0-9]*/cmdline | tr '\\000' ' '`;
  const secret = { TOKEN: '{{ secret "env" "TASK_WORD" }}' };
  return [
    {
      name: "Tasks",
      hosts: "all",
      become: true,
      gather_facts: false,
      environment: { PLACE: "play", SPACE: "a 'quoted' $HOME" },
      module_defaults: { file: { mode: "0750" } },
      pre_tasks: [{ name: "Folder", file: { path: folder, state: "directory" }, notify: "mark" }],
      tasks: [
        { name: "Later", shell: { cmd: `(sleep 2; echo up >${folder}/ready) >/dev/null 2>&1 &`, always } },
        {
          name: "Await",
          command: { cmd: `cat ${folder}/ready`, reads: true },
          register: "ready",
          until: "ready.stdout == 'up'",
          retries: 60,
          delay: 1,
        },
        {
          name: "Third time",
          shell: { cmd: `echo x >>${folder}/count; test $(wc -l <${folder}/count) -ge 3`, always },
          retries: 5,
          delay: 0,
          register: "third",
        },
        {
          name: "Environment",
          shell: { cmd: `echo "$PLACE|$INNER|$SPACE|$TOKEN" >${folder}/environment; ${processes} >${folder}/processes`, always },
          environment: { INNER: "task", ...secret },
        },
        {
          name: "Question",
          shell: { cmd: `printf '%s|' "$PLACE" "$TOKEN"; ${processes}`, reads: true },
          environment: secret,
          register: "said",
        },
        { name: "Write the question", copy: { dest: `${folder}/question`, content: "{{ said.stdout }}" } },
        { name: "Not needed", command: { cmd: "false", unless: 'test "$GO" = no' }, environment: { GO: "no" } },
        { name: "Late step", shell: { cmd: "sleep 4242 & sleep 4242", always }, timeout: 2, ignore_errors: true },
        { name: "Late question", shell: { cmd: "sleep 4243 & sleep 4243", reads: true }, timeout: 2, ignore_errors: true },
        {
          name: "Pairs",
          copy: { dest: `${folder}/{{ item.key }}`, content: "{{ item.value }} {{ ansible_loop.revindex }}" },
          with_dict: { one: "1", two: "2" },
          loop_control: { extended: true, label: "{{ item.key }}" },
        },
      ],
      post_tasks: [{ name: "Marked", command: { cmd: `cat ${folder}/mark`, reads: true } }],
      handlers: [{ name: "mark", copy: { dest: `${folder}/mark`, content: "marked\n" } }],
    },
  ];
}

beforeAll(async () => {
  host = await sharedHost("trixie");
  bench = new Bench({ "inventory/hosts.yml": { all: { hosts: { [host.name]: host.variables() } } } });
  lab = `/srv/tasks-${randomBytes(6).toString("hex")}`;
});

afterAll(async () => {
  await host.out(`rm -rf ${lab}-*`);
  bench.remove();
});

const lines = (done: Ended): string[] =>
  done.events().flatMap((e) => {
    if (e.event === "task") return [`${e.status} ${e.task}${e.ignored ? " (ignored)" : ""}`];
    return e.event === "retry" && e.task !== "Await" ? [`retry ${e.task} ${e.attempt}/${e.of}`] : [];
  });

test.each([
  ["in chains", []],
  ["task by task", ["--no-lookahead"]],
])("the keywords of tasks do on a host what they say, %s", async (how, words) => {
  const folder = `${lab}-${how.replaceAll(" ", "-")}`;
  bench.put("site.yml", playbook(folder));
  const done = await bench.run(["run", "site.yml", "--output", "json", ...words], { TASK_WORD: word });
  expect(done.exit, done.text.slice(0, 3000)).toBe(0);
  expect(lines(done)).toEqual([
    "changed Folder",
    "changed mark",
    "changed Later",
    "ok Await",
    "retry Third time 1/6",
    "retry Third time 2/6",
    "changed Third time",
    "changed Environment",
    "ok Question",
    "changed Write the question",
    "ok Not needed",
    "failed Late step (ignored)",
    "failed Late question (ignored)",
    "changed Pairs",
    "ok Marked",
  ]);
  expect(done.events().some((e) => e.event === "retry" && e.task === "Await" && e.seconds === 1)).toBe(true);
  const of = (task: string): string | undefined => done.tasks().find((t) => t.task === task)?.message;
  expect(of("Late step")).toBe("the script did not end within 2 s and was killed");
  expect(of("Late question")).toMatch(/it did not answer within 2 s$/);
  expect(await host.out("pgrep -f 'sleep 424[23]' || echo none")).toBe("none");
  expect(await host.out(`cat ${folder}/environment`)).toBe(`play|task|a 'quoted' $HOME|${word}`);
  const question = await host.out(`cat ${folder}/question`);
  expect(question.startsWith(`play|${word}|`)).toBe(true);
  // Both looked at every process of the host, their own among them.
  for (const seen of [question.slice(`play|${word}|`.length), await host.out(`cat ${folder}/processes`)]) {
    expect(seen).toContain("sh");
    expect(seen).not.toContain(word);
  }
  expect(await host.out(`stat -c %a ${folder}; cat ${folder}/one ${folder}/two`)).toBe("750\n1 22 1");
  expect(done.text).not.toContain(word);
});

test("in check mode what would be run is not tried, and a question is asked until it gives up", async () => {
  bench.put("check.yml", [
    {
      hosts: "all",
      gather_facts: false,
      tasks: [
        { name: "Act", shell: { cmd: "false", always }, retries: 50, delay: 60 },
        { name: "Ask", command: { cmd: "test -e /no/such", reads: true }, retries: 2, delay: 0 },
      ],
    },
  ]);
  const done = await bench.run(["run", "check.yml", "--check", "--output", "json"]);
  expect(lines(done)).toEqual(["changed Act", "maybe Ask"]);
  bench.put("ask.yml", [
    {
      hosts: "all",
      gather_facts: false,
      tasks: [{ name: "Ask", command: { cmd: "test -e /no/such", reads: true }, retries: 2, delay: 0 }],
    },
  ]);
  const asked = await bench.run(["run", "ask.yml", "--check", "--output", "json"]);
  expect(lines(asked)).toEqual(["retry Ask 1/3", "retry Ask 2/3", "failed Ask"]);
});
