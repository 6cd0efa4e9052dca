import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { type Health, health } from "../../src/cli/doctor/health.ts";
import { described, verdict } from "../../src/cli/doctor/verdict.ts";

const well: Health = {
  user: "root",
  uid: 0,
  clock: 1_800_000_000,
  kernel: "Linux 6.12",
  shell: "dash",
  missing: [],
  tmp: true,
  free: [{ mount: "/", kib: 20_000_000 }],
};

describe("the doctor's question", () => {
  it("is answered by a POSIX shell and read back", () => {
    const script = health.fact.script([""]).text;
    const stdout = execFileSync("sh", ["-c", `f() {\n${script}\n}\nf`]);
    const [found] = health.fact.read(stdout, [""]);
    expect(found).toMatchObject({ missing: [], tmp: true, uid: process.getuid?.() });
    expect(Math.abs((found as Health).clock - Date.now() / 1000)).toBeLessThan(10);
  });

  it("names the programs that are not there", () => {
    const script = health.fact.script([""]).text.replace("'sha256sum'", "sha256sum").replace("sha256sum", "sha256sum-of-nobody");
    const stdout = execFileSync("sh", ["-c", `f() {\n${script}\n}\nf`]);
    expect(health.fact.read(stdout, [""])[0]).toMatchObject({ missing: ["sha256sum-of-nobody"] });
  });

  it("refuses an answer that was cut", () => {
    expect(() => health.fact.read(Buffer.from("user root\nuid 0\n"), [""])).toThrow("unexpected answer");
  });
});

describe("the doctor's verdict", () => {
  it("has nothing to say of a healthy host, and describes it in a line", () => {
    expect(verdict(well, 0.2)).toEqual([]);
    expect(described(well, 0.2)).toBe("root, Linux 6.12, dash, clock +0.2 s, 19.1 GiB free on /");
  });

  it("fails a host without the programs or without /tmp, and says what to install", () => {
    const findings = verdict({ ...well, missing: ["sha256sum"], tmp: false }, 0);
    expect(findings.map((f) => f.level)).toEqual(["fail", "fail"]);
    expect(findings[0]).toMatchObject({ text: "missing: sha256sum", help: expect.stringContaining("coreutils") as string });
  });

  it("warns of a wrong clock in both directions, and of a full disk", () => {
    expect(verdict(well, 90)[0]?.text).toBe("the clock is 90 s ahead");
    expect(verdict(well, -90)[0]?.text).toBe("the clock is 90 s late");
    expect(verdict({ ...well, free: [{ mount: "/var", kib: 1024 }] }, 0)[0]?.text).toBe("only 1 MiB free on /var");
  });
});
