import { describe, expect, test } from "vitest";
import { type ProbeKey, probe } from "../../src/facts/probe.ts";
import { Secret } from "../../src/kernel/value.ts";
import { askHere, shells } from "./shells.ts";

describe.each(shells.map((s) => [s.name, s] as const))("the user's own question on %s", (_name, shell) => {
  const ask = (...keys: ProbeKey[]) =>
    askHere(shell, probe.fact, keys).values as readonly { rc: number; stdout: string; stderr: string; cut?: true }[];

  test("gives exit code and both streams, each whole and apart", () => {
    expect(ask({ text: "echo a; echo e >&2; printf '\\n\\n'; exit 3" }, { argv: ["true"] })).toEqual([
      { rc: 3, stdout: "a\n\n\n", stderr: "e\n" },
      { rc: 0, stdout: "", stderr: "" },
    ]);
  });

  test("survives a text that does not parse, that kills its shell, and that closes its streams", () => {
    const [broken, killed, closed] = ask({ text: "if (" }, { text: "kill -9 $$" }, { text: "echo a; exec 1>&- 2>&-; exit 7" });
    expect(broken?.rc).toBeGreaterThan(0);
    expect(broken?.stderr).toMatch(/syntax error/i);
    expect(killed?.rc).toBe(137);
    expect(closed).toMatchObject({ rc: 7, stdout: "a\n" });
  });

  test("stands in the folder that was named, and says so when it cannot", () => {
    const [there, nowhere] = ask({ argv: ["pwd"], chdir: "/usr" }, { argv: ["pwd"], chdir: "/no such folder" });
    expect(there).toMatchObject({ rc: 0, stdout: "/usr\n" });
    expect(nowhere?.rc).toBeGreaterThan(0);
    expect(nowhere?.stdout).toBe("");
  });

  test("sees the variables that it was given, and the next question does not", () => {
    const environment = { A: "it's $HOME", B: new Secret("a secret word") };
    const text = 'printf %s "$A|$B|"; tr "\\000" " " </proc/$$/cmdline';
    const [with_, without] = ask({ text, environment, chdir: "/usr" }, { text });
    expect(with_?.stdout).toMatch(/^it's \$HOME\|a secret word\|/);
    expect(with_?.stdout.split("|")[2]).not.toContain("secret word");
    expect(without?.stdout).toMatch(/^\|\|/);
  });

  test("hands stdin over, and nothing where none was given", () => {
    expect(ask({ argv: ["cat"], stdin: "a 'b' $c\n" }, { argv: ["cat"] }).map((v) => v.stdout)).toEqual(["a 'b' $c\n", ""]);
  });

  test("keeps the first MiB of a long output, and says that it is cut", () => {
    const [long] = ask({ text: "i=0; while [ $i -lt 40 ]; do head -c 50000 /dev/zero | tr '\\000' y; i=$((i+1)); done; exit 4" });
    expect(long).toMatchObject({ rc: 4, cut: true });
    expect(long?.stdout).toBe("y".repeat(1024 * 1024));
  });

  test("drops NUL bytes and keeps every other", () => {
    expect(ask({ text: "printf 'a\\0b\\377\\0'" })[0]?.stdout).toBe("ab\ufffd");
  });
});
