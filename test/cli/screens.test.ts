import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { play, readScreen, writeScreen } from "./screen.ts";

const folder = join(import.meta.dirname, "screens");
const names = readdirSync(folder).filter((f) => f.endsWith(".txt"));

// To add a case: write the command and the files, run with UPDATE_SCREENS=1, and read what it wrote before you commit it.
describe("the program's screens", () => {
  it.concurrent.each(names)("%s", async (name) => {
    const file = join(folder, name);
    const screen = readScreen(readFileSync(file, "utf8"));
    const seen = await play(screen);
    expect(seen.stderr).not.toContain("this is a bug of rempart");
    if (process.env.UPDATE_SCREENS) writeFileSync(file, writeScreen({ ...screen, seen }));
    else expect(seen).toEqual(screen.seen);
  });
});
