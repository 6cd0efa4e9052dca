import { spawn } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type AwaitedKey, awaited } from "../../src/facts/awaited.ts";
import { inEnvironment } from "../../src/facts/environment.ts";
import { type HttpValue, http } from "../../src/facts/http.ts";
import { Secret } from "../../src/kernel/value.ts";
import { download } from "../../src/modules/parts/download.ts";
import { httpKey } from "../../src/modules/parts/http-request.ts";
import { freshFolder, shells, shellWithoutCurl, type TestShell } from "./shells.ts";

let server: Server;
let port = 0;
const closed = 1;

beforeAll(async () => {
  server = createServer((request, response) => {
    let body = "";
    request.on("data", (d: Buffer) => {
      body += d.toString();
    });
    request.on("end", () => {
      if (request.url === "/moved") response.writeHead(302, { Location: "/there" }).end("moved");
      else if (request.url === "/there") response.end("été\n\0\n");
      else
        response
          .writeHead(request.url === "/none" ? 404 : 201, { "Content-Type": "text/plain" })
          .end(`${request.method} ${request.headers["x-key"] ?? ""} ${body}`);
    });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  port = (server.address() as AddressInfo).port;
});
afterAll(() => server.close());

/** Like runScript, but without blocking the server of this very process. */
async function run(shell: TestShell, text: string): Promise<Buffer> {
  const [program = "", ...args] = shell.argv;
  const child = spawn(program, [...args, "-c", text], { env: { PATH: shell.path, LC_ALL: "C" }, stdio: ["ignore", "pipe", "pipe"] });
  const out: Buffer[] = [];
  const err: Buffer[] = [];
  child.stdout.on("data", (d: Buffer) => out.push(d));
  child.stderr.on("data", (d: Buffer) => err.push(d));
  await new Promise((done) => child.on("close", done));
  expect(Buffer.concat(err).toString()).toBe("");
  return Buffer.concat(out);
}

describe.each([...shells, shellWithoutCurl()].map((s) => [s.name, s] as const))("network questions on %s", (_name, shell) => {
  const wait = async (...keys: AwaitedKey[]) =>
    awaited.fact.read(await run(shell, awaited.fact.script(keys).text), keys).map((v) => ("holds" in v ? v.holds : v.why));

  test("tell an open port from a closed one, and a path that is there from one that is not", async () => {
    const dir = freshFolder();
    writeFileSync(`${dir}/log`, "starting\nready 1\n");
    expect(
      await wait(
        { port, host: "127.0.0.1", state: "there" },
        { port: closed, host: "127.0.0.1", state: "there" },
        { port, host: "127.0.0.1", state: "gone" },
        { port: closed, host: "127.0.0.1", state: "gone" },
        { path: `${dir}/log`, state: "there" },
        { path: `${dir}/it's not`, state: "there" },
        { path: `${dir}/none`, state: "gone" },
        { path: `${dir}/log`, line: "^ready [0-9]+$", state: "there" },
        { path: `${dir}/log`, line: "^ready$", state: "there" },
        { port: closed, state: "drained" },
      ),
    ).toEqual([true, false, false, true, true, false, true, true, false, true]);
  });

  const hasCurl = existsSync("/usr/bin/curl") && ["sh", "bash"].includes(shell.name);
  const fetches = shell.name !== "busybox ash" && (hasCurl || existsSync("/usr/bin/wget"));

  test.runIf(fetches)("get the body and, through curl, status, headers and the address after redirects", async () => {
    const keys = ["/moved", "/none"].map((p) =>
      httpKey({ url: `http://127.0.0.1:${port}${p}`, method: "GET", headers: {}, timeout: 5, verify: true, follow: true }),
    );
    const [moved, none] = http.fact.read(await run(shell, http.fact.script(keys).text), keys) as readonly HttpValue[];
    expect(moved).toMatchObject({ status: 200, body: hasCurl ? "été\n\n" : expect.stringContaining("été") });
    if (!hasCurl) {
      expect(none?.status).toBe(-1);
      return;
    }
    expect(moved?.url).toBe(`http://127.0.0.1:${port}/there`);
    expect(none).toMatchObject({ status: 404, headers: { "content-type": "text/plain" }, body: "GET  " });
  });

  test.runIf(fetches)("go through the proxy of their environment", async () => {
    const environment = { http_proxy: `http://127.0.0.1:${port}`, no_proxy: "" };
    const key = httpKey({ url: "http://web.example.org/there", method: "GET", headers: {}, timeout: 5, verify: true, follow: true });
    const [answer] = http.fact.read(await run(shell, http.fact.script([{ ...key, ...inEnvironment(environment) }]).text), [key]);
    expect((answer as HttpValue).body).toContain("GET  ");
  });

  test("send a secret header and a body that hold quotes, or say that curl is missing", async () => {
    const key = httpKey({
      url: `http://127.0.0.1:${port}/x`,
      method: "POST",
      headers: { "X-Key": new Secret(`it's "s3cr\\3t"`) },
      body: "@a=1\nb",
      timeout: 5,
      verify: true,
      follow: true,
    });
    expect(JSON.stringify(key)).not.toContain("s3cr");
    const [answer] = http.fact.read(await run(shell, http.fact.script([key]).text), [key]);
    if (!hasCurl) expect(answer).toMatchObject({ why: expect.stringContaining("curl") });
    else expect(answer).toMatchObject({ status: 201, body: `POST it's "s3cr\\3t" @a=1\nb` });
  });

  test.runIf(fetches)("fetch a file only when its digest is the wanted one", async () => {
    const dir = freshFolder();
    const attributes = { mode: "0640", uid: 0, gid: 0, owner: String(process.getuid?.()), group: String(process.getgid?.()) };
    const fetch = (sha256: string) =>
      download({ url: `http://127.0.0.1:${port}/there`, path: `${dir}/got`, sha256, timeout: 5, attributes });
    const act = async (sha256: string) => {
      const { argv, stdin } = fetch(sha256);
      return (
        await run(
          shell,
          `printf '%s' '${String(stdin)}' | ${argv.map((a) => `'${a.replaceAll("'", `'\\''`)}'`).join(" ")} 2>&1; echo " $?"; ls -l ${dir}`,
        )
      ).toString();
    };
    const wrong = await act("0".repeat(64));
    expect(wrong).toMatch(/what was fetched has the sha256 [0-9a-f]{64}, not the wanted one/);
    expect(wrong).not.toContain("got\n");
    const sha256 = /sha256 ([0-9a-f]{64})/.exec(wrong)?.[1] ?? "";
    expect(await act(sha256)).toMatch(/-rw-r-----.* got\n/);
  });
});
