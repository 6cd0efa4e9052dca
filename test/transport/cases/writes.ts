import { createHash } from "node:crypto";
import { expect, test } from "vitest";
import { exec, type WriteStep } from "../../../src/kernel/step.ts";
import { Secret } from "../../../src/kernel/value.ts";
import { type Subject, script, text } from "../subject.ts";

/** Writing text files. */
export function writeCases(subject: Subject): void {
  let me = { owner: "0", group: "0" };
  const write = (name: string, content: string | Secret, more: Partial<WriteStep> = {}): WriteStep => ({
    do: "write",
    path: subject.path(name),
    content,
    mode: "0640",
    ...me,
    ...more,
  });
  const sha = (content: string): string => createHash("sha256").update(content).digest("hex");
  const left = async (): Promise<string> => (await subject.run(script(`cd '${subject.folder}' && ls -a | grep rempart- || true`))).stdout;

  test("a file gets its content, mode and owner, byte for byte", async () => {
    me = { owner: (await subject.run(exec("id", "-u"))).stdout.trim(), group: (await subject.run(exec("id", "-g"))).stdout.trim() };
    const all = String.fromCharCode(...Array.from({ length: 255 }, (_, i) => i + 1));
    for (const content of ["", "a", "a\n", "no newline 'quoted' %s \\n", `${all}\n\n`, "line\n".repeat(40_000)]) {
      expect(await subject.link(write("plain", content))).toMatchObject({ status: "done" });
      expect((await subject.run(script(`sha256sum <'${subject.path("plain")}'`))).stdout.slice(0, 64)).toBe(sha(content));
    }
    expect((await subject.run(exec("ls", "-ln", subject.path("plain")))).stdout).toMatch(
      new RegExp(`^-rw-r----- +1 ${me.owner} +${me.group} `),
    );
    expect(await left()).toBe("");
  });

  test("a secret content is written too", async () => {
    await subject.link(write("secret", new Secret("very secret words")));
    expect(await subject.ask(text(subject.path("secret")))).toBe("very secret words");
  });

  test("a write refuses when the file is not the one that was looked at", async () => {
    await subject.link(write("moved", "mine"));
    const refused = await subject.link(write("moved", "new", { replaces: sha("other") }));
    expect(refused).toMatchObject({
      status: "failed",
      why: `${subject.path("moved")}: the file changed meanwhile: it is not the one that was looked at`,
    });
    expect(await subject.link(write("moved", "new", { replaces: null }))).toMatchObject({
      status: "failed",
      why: expect.stringContaining("something stands there meanwhile"),
    });
    expect(await subject.ask(text(subject.path("moved")))).toBe("mine");
    expect(await subject.link(write("moved", "new", { replaces: sha("mine") }))).toMatchObject({ status: "done" });
    expect(await subject.link(write("fresh", "new", { replaces: null }))).toMatchObject({ status: "done" });
    expect(await subject.ask(text(subject.path("moved")))).toBe("new");
    expect(await left()).toBe("");
  });

  test("a link is replaced, not followed, and never taken for the file that was looked at", async () => {
    await subject.run(script(`cd '${subject.folder}'; printf other >aim; ln -s aim link; ln -s '${subject.folder}' folder-link`));
    expect(await subject.link(write("link", "new", { replaces: sha("other") }))).toMatchObject({ status: "failed" });
    expect(await subject.link(write("link", "new"))).toMatchObject({ status: "done" });
    expect(await subject.ask(text(subject.path("aim")))).toBe("other");
    expect(await subject.link(write("folder-link", "new"))).toMatchObject({
      status: "failed",
      why: expect.stringContaining("a folder stands where the file shall be"),
    });
    expect(await subject.link(write("no/such", "new"))).toMatchObject({
      status: "failed",
      why: expect.stringContaining("the folder of the file does not exist"),
    });
  });

  test("the user's check sees the new file, and its no leaves the old one", async () => {
    await subject.link(write("checked", "good"));
    expect(await subject.link(write("checked", "bad", { validate: "grep -q good %s || { echo no >&2; exit 9; }" }))).toMatchObject({
      status: "failed",
      why: expect.stringContaining("the check of the new file failed"),
      ran: [{ stderr: "no\n" }],
    });
    expect(await subject.ask(text(subject.path("checked")))).toBe("good");
    expect(await subject.link(write("checked", "good too", { validate: "grep -q good %s" }))).toMatchObject({ status: "done" });
    expect(await left()).toBe("");
  });

  test("a backup keeps the old file beside the new one", async () => {
    await subject.link(write("kept", "old"));
    await subject.link(write("kept", "new", { backup: true }));
    expect((await subject.run(script(`cd '${subject.folder}' && cat kept.*~`))).stdout).toBe("old");
    expect(await subject.ask(text(subject.path("kept")))).toBe("new");
  });

  test("an owner that does not exist fails the write and leaves nothing behind", async () => {
    expect(await subject.link(write("unowned", "x", { owner: "rempart-nobody" }))).toMatchObject({
      status: "failed",
      why: expect.stringContaining("the owner, the group or the mode could not be set"),
    });
    expect(await subject.ask(text(subject.path("unowned")))).toBeNull();
    expect(await left()).toBe("");
  });
}
