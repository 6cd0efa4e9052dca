import { describe, expect, test } from "vitest";
import { mirrorOf } from "./apt-sources.ts";

describe("the machine's mirror", () => {
  test("is read from deb822 sources, comments and other repositories aside", () => {
    const text = [
      "Types: deb",
      "# http://comment.example/debian",
      "URIs: http://mirror.example/debian/",
      "Suites: bookworm bookworm-updates",
      "Components: main",
      "",
      "Types: deb",
      "URIs: http://mirror.example/debian-security",
      "Suites: bookworm-security",
    ].join("\n");
    const other = "Types: deb\nURIs: https://vendor.example/\nSuites: nodistro\n";
    expect(
      mirrorOf([
        { name: "a.sources", text: other },
        { name: "debian.sources", text },
      ]),
    ).toEqual({
      main: "http://mirror.example/debian",
      security: "http://mirror.example/debian-security",
    });
  });

  test("is read from one-line sources with options", () => {
    const text =
      "# deb http://old.example/debian trixie main\ndeb [signed-by=/k.gpg arch=amd64] http://mirror.example/debian trixie main\n";
    expect(mirrorOf([{ name: "sources.list", text }])).toEqual({ main: "http://mirror.example/debian" });
  });

  test("is not taken from a source that is switched off, or from sources for source code", () => {
    const off = "Enabled: no\nTypes: deb\nURIs: http://off.example/debian\nSuites: trixie\n";
    const source = "Types: deb-src\nURIs: http://src.example/debian\nSuites: trixie\n";
    expect(mirrorOf([{ name: "a.sources", text: `${off}\n${source}` }])).toBeUndefined();
  });
});
