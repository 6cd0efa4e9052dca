import { chmodSync, mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { describe, expect, test } from "vitest";
import { $ } from "zx";

const files = resolve(import.meta.dirname, "../../roles/verify/files");

/** Runs a text behind the tools of the probes; what it prints, by line. */
async function run(text: string, variables: Readonly<Record<string, string>> = {}): Promise<string[]> {
  const env = { ...process.env, MARK: "mark", ...variables };
  const { stdout } = await $({ quiet: true, env, input: `. ${files}/tools.sh\n${text}` })`sh -s`;
  return stdout.trimEnd().split("\n");
}

describe("which layer answered", () => {
  test.each([
    ["the edge", "403", "cf-ray: 1-CDG", "Sorry, you have been blocked"],
    ["the login", "302", "location: https://home.cloudflareaccess.com/cdn-cgi/access/login/media.example.org?kid=1\ncf-ray: 1-CDG", ""],
    ["the login", "403", "cf-ray: 1-CDG", "You do not have access to this application."],
    ["nginx", "429", "cf-ray: 1-CDG\ncf-cache-status: DYNAMIC", "<center>nginx</center>"],
    ["the application", "200", "cf-ray: 1-CDG\ncf-cache-status: BYPASS", "films"],
    ["the application", "200", "server: nginx", "films"],
    ["nobody", "000", "", ""],
  ])("%s: %s with %j", async (layer, code, headers, body) => {
    const text = `code=${code} url=https://media.example.org/
printf 'HTTP/2 ${code}\\r\\n%s\\r\\n\\r\\n' "$HEADERS" >"$work/head"; printf %s "$BODY" >"$work/body"; layer_of`;
    expect(await run(text, { HEADERS: headers.replaceAll("\n", "\r\n"), BODY: body })).toEqual([layer]);
  });
});

test("a form is read whatever the order and the quotes of its fields", async () => {
  const page = `<form action='/search'><input name=q></form>
<FORM method="post" class="a" action="/cdn-cgi/access/x?a=1&amp;b=2"><input value="n&#x2F;1&quot;" name="nonce" type="hidden">
<input type="email" id="e" name='mail'><button>Send</button></FORM>`;
  const found = await run(`printf %s "$PAGE" >"$work/body"; form email`, { PAGE: page });
  expect(found).toEqual(["action\t/cdn-cgi/access/x?a=1&b=2", 'field\tnonce\tn/1"', "wanted\tmail"]);
  expect(await run(`printf %s "$PAGE" >"$work/body"; form code`, { PAGE: page })).toEqual([""]);
});

test("an address is found by itself and not in a longer one", async () => {
  const tells = async (text: string): Promise<string> => {
    const patterns = "(^|[^0-9.])192\\.0\\.2\\.20([^0-9]|$)";
    const said = await run(`printf %s "$TEXT" >"$work/body"; if tells "$work/body"; then echo yes; else echo no; fi`, {
      PATTERNS: patterns,
      TEXT: text,
    });
    return said.join();
  };
  expect(await tells('{"LocalAddress":"http://192.0.2.20:8096"}')).toBe("yes");
  expect(await tells("ip=192.0.2.20\n")).toBe("yes");
  expect(await tells("ip=192.0.2.200\n")).toBe("no");
  expect(await tells("ip=1192.0.2.20\n")).toBe("no");
});

/** A tree of devices with one NVIDIA card of this class, and a program `docker` that stands in for the container's ffmpeg. */
function card(pciClass: string, speeds: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const folder = mkdtempSync(join(tmpdir(), "rempart-verify-card-"));
  const device = join(folder, "sys/bus/pci/devices/0000:08:00.0");
  mkdirSync(device, { recursive: true });
  for (const [name, value] of Object.entries({ vendor: "0x10de", device: "0x1bb3", class: pciClass }))
    writeFileSync(join(device, name), `${value}\n`);
  const cases = Object.entries(speeds).map(([codec, said]) => `*${codec}*) ${said} ;;`);
  writeFileSync(join(folder, "docker"), `#!/bin/sh\ncase "$*" in ${cases.join("\n")} *) exit 9 ;; esac\n`);
  chmodSync(join(folder, "docker"), 0o755);
  return { SYS: join(folder, "sys"), CONTAINER: "jellyfin", FFMPEG: "/ffmpeg", PATH: `${folder}:${process.env.PATH}` };
}

const says = (speed: string): string => `printf 'frame=1 speed=0.5x\\rframe=600 speed= ${speed}x\\n' >&2`;

describe("the card against the processors", () => {
  const gpu = `. ${files}/gpu.sh`;
  const check = "the card transcodes faster than the processors";

  test.each([
    [
      "faster",
      { libx264: says("2.1"), h264_nvenc: says("9.8") },
      `passed\t${check}\t1080p to H.264: the card 9.8 times as fast as it plays, the processors 2.1 times`,
    ],
    [
      "slower",
      { libx264: says("12"), h264_nvenc: says("9.8") },
      `failed\t${check}\t1080p to H.264: the card 9.8 times as fast as it plays, the processors 12 times`,
    ],
    [
      "broken",
      { libx264: says("2.1"), h264_nvenc: "echo 'Cannot load libcuda.so.1' >&2; exit 255" },
      `failed\t${check}\tthe card: Cannot load libcuda.so.1`,
    ],
  ])("a card that is %s", async (_, speeds, finding) => {
    expect(await run(gpu, card("0x030200", speeds))).toEqual([finding]);
  });

  test("is not tried without a card", async () => {
    expect(await run(gpu, card("0x020000", {}))).toEqual([`not tried\t${check}\tno NVIDIA card on the PCI bus`]);
  });
});
