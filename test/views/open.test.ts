import { PassThrough } from "node:stream";
import { describe, expect, it } from "vitest";
import { Secret } from "../../src/kernel/value.ts";
import { viewNames } from "../../src/views/names.ts";
import { openView } from "../../src/views/open.ts";
import { task, wholeRun } from "./events.ts";

/** A stream that keeps what it gets and says that it is a terminal of a given size. */
function screen(columns = 100, rows = 30): NodeJS.WriteStream & { text: () => string } {
  const chunks: string[] = [];
  const stream = new PassThrough();
  stream.on("data", (chunk: Buffer) => chunks.push(chunk.toString("utf8")));
  return Object.assign(stream, { isTTY: true, columns, rows, text: () => chunks.join("") }) as unknown as NodeJS.WriteStream & {
    text: () => string;
  };
}

const options = { verbose: true, diff: true, colour: false };

describe("every view", () => {
  it.each(viewNames)("%s never prints a secret, wherever it stands, cut or not", async (name) => {
    const plain = "correct horse\nbattery staple\nthird line of it";
    new Secret(plain);
    const [out, err] = [screen(), screen()];
    const view = await openView(name, out, err, options);
    const filler = Array.from({ length: 40 }, (_, i) => `line ${i}`).join("\n");
    for (const e of wholeRun.slice(0, -1)) view.listen(e);
    view.listen({ event: "progress", host: "proliant", doing: `writing ${plain}`, left: 1 });
    view.listen(task({ status: "failed", message: plain, stdout: filler + plain, stderr: Buffer.from(plain).toString("base64"), rc: 1 }));
    view.listen(
      task({ status: "changed", changes: [{ subject: plain, fields: [{ name: "a", before: plain, after: "b" }], diff: `+${plain}` }] }),
    );
    view.listen({ event: "warning", message: encodeURIComponent(plain) });
    view.listen({ event: "diagnostic", diagnostic: { severity: "error", message: plain, help: plain } });
    const last = wholeRun.at(-1);
    if (last) view.listen(last);
    view.close();
    const printed = out.text() + err.text();
    expect(printed).not.toBe("");
    for (const part of ["correct horse", "battery staple", "third line of it", "correct%20horse"]) expect(printed).not.toContain(part);
    expect(printed).not.toContain(Buffer.from(plain).toString("base64"));
  });
});

describe("the terminal view", () => {
  it("shows what each host is busy with, how long and how much is left, and clears it at the end", async () => {
    const out = screen();
    const view = await openView("terminal", out, screen(), { ...options, verbose: false });
    const start = wholeRun[0];
    if (start) view.listen(start);
    view.listen({ event: "connecting", host: "nas" });
    view.listen({ event: "progress", host: "proliant", doing: "nginx : Write the site", left: 12 });
    await new Promise((r) => setTimeout(r, 250));
    expect(out.text()).toMatch(/proliant {2}nginx : Write the site {2}0\.\ds {2}12 left/);
    expect(out.text()).toMatch(/nas {7}connecting/);
    const before = out.text().length;
    view.listen(task({ status: "changed" }));
    const last = wholeRun.at(-1);
    if (last) view.listen(last);
    view.close();
    const after = out.text().slice(before);
    expect(after).toContain("changed  proliant  nginx : Write the site  (0.1s)\n");
    expect(after).toContain("done in 1.3s");
    expect(after).not.toContain("12 left");
  });

  it("stays within the screen with many hosts", async () => {
    const out = screen(60, 6);
    const view = await openView("terminal", out, screen(), options);
    for (let i = 0; i < 20; i++) view.listen({ event: "progress", host: `host${i}`, doing: "x".repeat(200), left: i });
    await new Promise((r) => setTimeout(r, 250));
    view.close();
    expect(out.text()).toContain("and 17 more hosts");
  });

  it("gives the lines that stay, scrubbed, to whoever keeps them, and goes on to show progress", async () => {
    const out = screen();
    const plain = "the kept passphrase";
    new Secret(plain);
    let kept = "";
    const view = await openView("terminal", out, screen(), { ...options, keep: (text) => (kept += text) });
    for (const e of wholeRun.slice(0, 1)) view.listen(e);
    view.listen({ event: "progress", host: "proliant", doing: "nginx : Write the site", left: 12 });
    await new Promise((r) => setTimeout(r, 250));
    view.listen(task({ status: "changed", message: plain }));
    view.close();
    expect(out.text()).toContain("nginx : Write the site");
    expect(out.text()).not.toContain("changed");
    expect(kept).toContain("changed  proliant  nginx : Write the site");
    expect(kept).not.toContain(plain);
  });
});
