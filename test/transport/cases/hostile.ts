import { randomInt } from "node:crypto";
import { expect, test, vi } from "vitest";
import { exec } from "../../../src/kernel/step.ts";
import { doing, linksOf, program, type Subject, script, text } from "../subject.ts";

/** What users' commands do to a shell that is kept. */
export function hostileCases(subject: Subject): void {
  const well = async (): Promise<void> => {
    expect(await subject.ask(text("/nowhere"))).toBeNull();
    expect(await subject.run(exec("echo", "well"))).toMatchObject({ rc: 0, stdout: "well\n", stderr: "" });
  };
  const cases: Record<string, [string, object]> = {
    "a syntax error": ["if then fi )", { rc: 2 }],
    "an open quote": ["echo 'open", { rc: 2 }],
    "a here-document without end": ["cat <<EOF\nopen", { rc: 0, stdout: "open\n" }],
    exit: ["exit 7", { rc: 7 }],
    exec: ["exec true", { rc: 0 }],
    "exec of a redirection": ["exec >/dev/null 2>&1 </dev/null; echo x", { rc: 0, stdout: "" }],
    "set -e and a failure": ["set -e; false; echo x", { rc: 1, stdout: "" }],
    "closing every stream": ["exec 0<&- 1>&- 2>&-", { rc: 0 }],
    suicide: ["kill -9 $$", { rc: 137 }],
    "eating stdin": ["cat; read -r x; while read -r y; do echo $y; done; echo eaten", { rc: 0, stdout: "eaten\n" }],
    "a changed folder, mask, PATH and variables": ["cd /usr; umask 0; PATH=/nowhere; rp_k=x; LC_ALL=x; set -f; IFS=e", { rc: 0 }],
    "functions of our names": ["rp_m() { :; }; rp_e() { :; }; echo x", { rc: 0, stdout: "x\n" }],
    traps: ["trap 'echo bye' 0; trap '' 15", { rc: 0, stdout: "bye\n" }],
    "the end of a here-document of ours": ["cat <<N\nEOF\nN\n: EOF", { rc: 0, stdout: "EOF\n" }],
    "output without a newline": ["printf a; printf b >&2", { rc: 0, stdout: "a", stderr: "b" }],
    "output of newlines": ["printf '\\n\\n'; printf '\\n' >&2", { rc: 0, stdout: "\n\n", stderr: "\n" }],
    "output that looks like a mark": ["printf '\\n0123456789abcdef0123456789abcdef z 0 1 1\\n'", { rc: 0 }],
    "a background job that is silent": ["sleep 2 & echo x", { rc: 0, stdout: "x\n" }],
  };
  for (const [name, [content, result]] of Object.entries(cases))
    test(`${name} in a script hurts nobody else`, async () => {
      expect(await subject.run(script(content))).toMatchObject(result);
      await well();
    });

  test("a script of 200 KB with every byte value runs", async () => {
    const every = String.fromCharCode(...Array.from({ length: 127 }, (_, i) => i + 1)).replace(/['\r\n]/g, "");
    const content = `${`: '${every}é'\n`.repeat(1500)}echo done`;
    expect(content.length).toBeGreaterThan(190_000);
    expect(await subject.run(script(content))).toMatchObject({ rc: 0, stdout: "done\n" });
  });

  test("5 MB of binary output pass", async () => {
    const said = await subject.run(script("head -c 5000000 /dev/urandom; head -c 100000 /dev/urandom >&2"));
    expect(said.rc).toBe(0);
    expect(said.cut).toBeGreaterThan(3_900_000);
    await well();
  });

  test("killing the shell around it is told as lost, and the next exchange has a new one", async () => {
    const a = subject.path("survivor");
    for (const content of ["kill -9 $PPID; sleep 1", "read -r _ _ _ p _ </proc/$PPID/stat; kill -9 $p; kill -9 $PPID; sleep 1"]) {
      const done = await subject.perform({ links: [doing(exec("touch", a)), doing(script(content))], ask: [text(a)] });
      expect(done).toMatchObject({ status: "lost", gone: false, links: [{ status: "done" }] });
      expect(linksOf(done)).toHaveLength(1);
      await well();
    }
  });

  test("a daemon that holds the output does not hold the answer", async () => {
    const started = performance.now();
    expect(await subject.run(script("sleep 30 & echo started"))).toMatchObject({ rc: 0, stdout: "started\n" });
    expect(performance.now() - started).toBeLessThan(5000);
  });

  test("output that comes late costs a new shell, and is in no answer", async () => {
    await subject.run(script("(sleep 0.3 2>/dev/null || sleep 1; echo late; echo late >&2) &"));
    await new Promise((resolve) => setTimeout(resolve, 1500));
    await well();
  });

  test("a step that does not end is killed with all that it started", async () => {
    const target = await subject.fresh({ kill: 5 });
    const seconds = 1000 + randomInt(1_000_000);
    const content = `trap '' 15; (sleep ${seconds}; :) & sh -c "sleep ${seconds}; :"; sleep ${seconds}`;
    const link = await subject.link(script(content, { timeout: 1 }), target);
    expect(link).toMatchObject({
      status: "failed",
      why: "the script did not end within 1 s and was killed",
      ran: [{ timedOut: true, rc: 124 }],
    });
    const list = `for f in /proc/[0-9]*/cmdline; do tr "\\000" " " <"$f" 2>/dev/null; echo; done | grep -c "[s]leep ${seconds}"`;
    // What does not hear the first signal is killed a second later.
    await vi.waitFor(async () => expect((await subject.run(script(list), target)).stdout).toBe("0\n"), { timeout: 20_000, interval: 500 });
    await target.close();
  });

  test("the steps of a link share its bound, and none of them gets more", async () => {
    const target = await subject.fresh();
    const steps = [program(["sleep", "1"]), program(["sleep", "60"], { timeout: 50 })];
    const done = await subject.perform({ links: [{ guard: [], steps, verify: [], timeout: 3 }] }, target);
    expect(linksOf(done)).toMatchObject([
      { status: "failed", ran: [{ rc: 0 }, { rc: 124, timedOut: true }], why: "sleep did not end within 3 s and was killed" },
    ]);
    await target.close();
  });

  test("the bound of the whole exchange holds too", async () => {
    const done = await subject.perform({ timeout: 1, links: [doing(program(["sleep", "60"]))] });
    expect(done).toMatchObject({ links: [{ status: "failed", ran: [{ timedOut: true }] }] });
    await well();
  });

  test("closing the target kills what runs", async () => {
    const file = subject.path("closed");
    const target = await subject.fresh();
    const running = subject.perform({ links: [doing(script(`sleep 3; echo x >'${file}'`))] }, target);
    await new Promise((resolve) => setTimeout(resolve, 500));
    await target.close();
    expect(linksOf(await running)).toEqual([]);
    await new Promise((resolve) => setTimeout(resolve, 3000));
    expect(await subject.ask(text(file))).toBeNull();
  });
}
