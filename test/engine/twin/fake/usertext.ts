import { type AwaitedKey, condition } from "../../../../src/facts/awaited.ts";
import type { ProbeKey, ProbeValue } from "../../../../src/facts/probe.ts";
import { coreutils } from "./coreutils.ts";
import type { Acting } from "./files.ts";
import type { FakeMachine } from "./machine.ts";
import { NotModelled, Trouble } from "./trouble.ts";

/** What the user's programs do on the fake machine: they write where no plan looks. */
const programs: Readonly<Record<string, (m: FakeMachine, as: Acting) => string>> = {
  "install-legacy"(m) {
    if (!m.accounts.group("labs")) m.accounts.addGroup("labs");
    m.files.put("/lab/legacy", { kind: "file", mode: 0o640, content: Buffer.from("key=1\n") });
    m.kernel.set("vm.swappiness", "1");
    return "installed\n";
  },
  "half-way"(m) {
    m.files.put("/lab/half", { kind: "file", mode: 0o600 });
    throw new Trouble(3, "stopped half way");
  },
  "append-a"(m, as) {
    m.files.put("/lab/a", { kind: "file", mode: 0o644, content: Buffer.from(`${m.files.text("/lab/a") ?? ""}drift\n`) }, as);
    return "";
  },
  "open-port"(m) {
    m.firewall.rules4 = [...m.firewall.rules4, "allow tcp 80 0.0.0.0/0 any 0.0.0.0/0 in"];
    return "";
  },
  "restart-all"(m) {
    for (const c of m.containers.containers) m.containers.start(c);
    for (const [name, { active }] of m.units.running) if (active === "active") m.units.begin(name);
    // It waits for what it has started: the twins ask behind it at different moments.
    m.settle();
    return "done\n";
  },
};

/** Runs `command` or the text of `shell`: known programs only. */
export function runUserText(m: FakeMachine, words: readonly string[], as: Acting): string {
  const [program = "", ...rest] = words;
  const own = programs[program];
  if (own && rest.length === 0) return own(m, as);
  const core = coreutils[program];
  if (!core) throw new NotModelled(`the user's program ${words.join(" ")}`);
  return core(m, rest, "", as);
}

/** The user's questions: test -e, grep -q, cat, id. */
export function probed(m: FakeMachine, key: ProbeKey): ProbeValue {
  const [program, ...rest] = key.argv ?? (key.text ?? "").split(" ");
  const said = (rc: number, stdout = "", stderr = ""): ProbeValue => ({ rc, stdout, stderr });
  if (program === "test" && rest[0] === "-e" && rest.length === 2) return said(m.files.through(rest[1] ?? "") ? 0 : 1);
  if (program === "grep" && rest[0] === "-q" && rest.length === 3) {
    const text = m.files.text(rest[2] ?? "");
    return text === undefined ? said(2, "", "grep: No such file or directory") : said(text.includes(rest[1] ?? "") ? 0 : 1);
  }
  if (program === "cat" && rest.length === 1) {
    const text = m.files.text(rest[0] ?? "");
    return text === undefined ? said(1, "", `cat: ${rest[0]}: No such file or directory`) : said(0, text);
  }
  if (program === "id" && rest.length === 1) {
    const user = m.accounts.user(rest[0] ?? "");
    return user ? said(0, `uid=${user.uid}\n`) : said(1, "", `id: '${rest[0]}': no such user`);
  }
  throw new NotModelled(`the question ${key.argv?.join(" ") ?? key.text}`);
}

/** Whether what is waited for is there. */
export function holds(m: FakeMachine, key: AwaitedKey): boolean {
  const there =
    key.path === undefined
      ? key.port === 80 && m.units.running.get("webd.service")?.active === "active"
      : key.line === undefined
        ? m.files.at(key.path) !== undefined
        : new RegExp(key.line, "m").test(m.files.text(key.path) ?? "");
  return key.state === "there" ? there : !there;
}

/** What wait_for may wait for on the fake machine. */
export const awaitable: readonly AwaitedKey[] = (["there", "gone"] as const).flatMap((state): AwaitedKey[] => [
  { state, path: "/lab/a" },
  { state, path: "/lab/deaths" },
  { state, path: "/lab/a", line: "^key=1" },
  { state, port: 80, host: "127.0.0.1" },
]);

/** The script of wait_for: its exit code is 0 when it came. */
export function waitScript(m: FakeMachine, text: string): string {
  const key = awaitable.find((k) => text.startsWith(`_ok() { ${condition(k).text}; }\n`));
  if (!key) throw new NotModelled(`to wait: ${text}`);
  m.settle();
  if (!holds(m, key)) throw new Trouble(1, "");
  return "";
}
