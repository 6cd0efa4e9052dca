import { expect, test } from "vitest";
import { delimiterFor, MarkReader, newMark } from "../../src/transport/marks.ts";

function read(chunks: readonly string[], mark = "M"): { text: string; marks: string[] } {
  let text = "";
  const marks: string[] = [];
  const reader = new MarkReader(
    mark,
    (chunk) => {
      text += chunk.toString("latin1");
    },
    (words) => {
      marks.push(words.join("+"));
      text += "^";
    },
  );
  for (const chunk of chunks) reader.feed(Buffer.from(chunk, "latin1"));
  text += reader.flush().toString("latin1");
  return { text, marks };
}

test("a stream is cut at the marks wherever its chunks end", () => {
  const stream = "a\n\nM b 1\nxyz\nM\nM e 1 0\n\nM z 0\nlate";
  const whole = read([stream]);
  expect(whole).toEqual({ text: "a\n^xyz\nM^^late", marks: ["b+1", "e+1+0", "z+0"] });
  for (let at = 0; at <= stream.length; at++) expect(read([stream.slice(0, at), stream.slice(at)])).toEqual(whole);
  expect(read([...stream])).toEqual(whole);
});

test("a mark's name alone, or a line that never ends, is text", () => {
  expect(read(["\nM"])).toEqual({ text: "\nM", marks: [] });
  const long = `\nM ${"x".repeat(500)}`;
  expect(read([long])).toEqual({ text: long, marks: [] });
});

test("a delimiter never begins as a line does that goes on with a byte above 127", () => {
  const mark = newMark();
  expect(delimiterFor(Buffer.from("plain\ntext"), mark)).toBe(mark);
  for (const text of [`${mark[0]}é`, `x\n${mark.slice(0, 9)}é`]) expect(delimiterFor(Buffer.from(text), mark)).toBe(`~${mark}`);
  expect(delimiterFor(Buffer.from(`${mark[0]}é\n~é`), mark)).toBe(`^${mark}`);
});
