import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { localPlace } from "../../src/engine/compile/localplace.ts";

const dir = mkdtempSync(join(tmpdir(), "rempart-place-"));
afterAll(() => rmSync(dir, { recursive: true }));

test("a file of a host goes below the host's folder under its whole path, or with flat to the place itself", () => {
  expect(localPlace("got", dir, "/etc/motd", "nas").path).toBe(join(dir, "got/nas/etc/motd"));
  expect(localPlace("got", dir, "/etc/motd", undefined).path).toBe(join(dir, "got"));
  expect(localPlace("got/", dir, "/etc/motd", undefined).path).toBe(join(dir, "got/motd"));
  expect(localPlace("/srv/got", dir, "/etc/motd", "nas").path).toBe("/srv/got/nas/etc/motd");
});

test("what stands there is told without following a link", () => {
  writeFileSync(join(dir, "file"), "hello");
  mkdirSync(join(dir, "folder"));
  symlinkSync("file", join(dir, "link"));
  const types = ["file", "folder", "link", "nothing", "file/below"].map((name) => localPlace(name, dir, "/x", undefined).type);
  expect(types).toEqual(["file", "directory", "other", "absent", "absent"]);
  expect(localPlace("file", dir, "/x", undefined).sha256).toBe("2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824");
});
