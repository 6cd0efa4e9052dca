import { expect, test } from "vitest";
import { exec } from "../../../src/kernel/step.ts";
import { Secret } from "../../../src/kernel/value.ts";
import { program, type Subject, script } from "../subject.ts";

const hard = 'it\'s "a" $HOME `id` \\ * ? ~ ; & | < > ( ) { } [ ] ! # % \t é \u{1f600} = -n';

/** Programs and scripts. */
export function stepCases(subject: Subject): void {
  test("arguments arrive as they are", async () => {
    expect((await subject.run(exec("printf", "%s|", hard, "", "two\nlines", "-x"))).stdout).toBe(`${hard}||two\nlines|-x|`);
  });

  test("stdin arrives byte for byte, and is closed without one", async () => {
    for (const stdin of ["", "no newline", "two\nlines\n", `${hard}\n`, "x".repeat(300_000)])
      expect((await subject.run(program(["cat"], { stdin }))).stdout).toBe(stdin);
    expect((await subject.run(program(["cksum"], { stdin: "a\0b%\\'\0" }))).stdout).toBe(
      (await subject.run(script("printf 'a\\000b%%\\134\\047\\000' | cksum"))).stdout,
    );
    expect(await subject.run(exec("cat"))).toMatchObject({ rc: 0, stdout: "" });
  });

  test("environment, folder and locale are set for the one step only", async () => {
    const env = { REMPART_A: hard, REMPART_B: new Secret("s3cret-of-a-step") };
    const step = program(["sh", "-c", 'printf "%s|" "$REMPART_A" "$REMPART_B" "$(pwd)" "$LC_ALL"'], { env, chdir: "/usr" });
    expect((await subject.run(step)).stdout).toBe(`${hard}|s3cret-of-a-step|/usr|C|`);
    expect((await subject.run(exec("sh", "-c", 'printf "%s|" "$REMPART_A" "$(pwd)"'))).stdout).toBe("|/|");
  });

  test("a folder that is not there fails the step, and so does a program that is not there", async () => {
    expect((await subject.run(program(["true"], { chdir: "/no/such" }))).rc).not.toBe(0);
    expect(await subject.run(exec("rempart-no-such-program"))).toMatchObject({ rc: 127 });
  });

  test("exit codes that count as success are the step's own", async () => {
    expect(await subject.link(program(["sh", "-c", "exit 3"], { okCodes: [0, 3] }))).toMatchObject({ status: "done", ran: [{ rc: 3 }] });
    expect(await subject.link(program(["true"], { okCodes: [3] }))).toMatchObject({ status: "failed", ran: [{ rc: 0 }] });
  });

  test("a program is a program, not a word of the shell", async ({ skip }) => {
    if (!subject.traits.execIsProgram) skip();
    expect((await subject.run(exec("rp_m", "x"))).rc).toBe(127);
    expect((await subject.run(exec("exit", "0"))).rc).toBe(127);
  });

  test("a script has its text, stdin, environment and shell", async () => {
    const step = script('read -r line; echo "$line $A"; exit 4', { stdin: "hello\n", env: { A: "b" }, okCodes: [4] });
    expect(await subject.link(step)).toMatchObject({ status: "done", ran: [{ rc: 4, stdout: "hello b\n" }] });
    expect((await subject.run(script("BEGIN { print 6 * 7 }", { shell: "/no/such/shell" }))).rc).toBe(127);
  });

  test("a slip in the last line of a script shows before its first line is done", async () => {
    expect(await subject.run(script("echo begun\nif true; then"))).toMatchObject({ stdout: "", rc: 2 });
  });

  test("a request to an API is refused", async () => {
    expect(await subject.link({ do: "call", method: "GET", path: "/" })).toMatchObject({
      status: "failed",
      why: "this target is no API: it takes no calls",
    });
  });

  test("no secret stands in the process list while its step runs", async () => {
    const secret = new Secret("c4nary-in-a-step");
    const list = 'for f in /proc/[0-9]*/cmdline; do tr "\\000" " " <"$f" 2>/dev/null; echo; done | grep -c c4nary-in-a-ste[p]';
    const steps = [
      program(["sh", "-c", list], { stdin: secret, env: { X: secret }, okCodes: [0, 1] }),
      script(list, { stdin: secret, env: { X: secret }, okCodes: [0, 1] }),
      { ...script("", { okCodes: [0, 1] }), text: new Secret(`: c4nary-in-a-step\n${list}`) },
    ];
    for (const step of steps) expect((await subject.run(step)).stdout).toBe("0\n");
  });

  test("output of a step is kept to its head and tail, and says how much was lost", async () => {
    const said = await subject.run(script("echo first; head -c 5000000 /dev/zero | tr '\\000' x; echo; echo last"));
    expect(said.stdout.length).toBe(1024 * 1024);
    expect(said.stdout.startsWith("first\n")).toBe(true);
    expect(said.stdout.endsWith("x\nlast\n")).toBe(true);
    expect(said.cut).toBe(5_000_012 - 1024 * 1024);
  });
}
