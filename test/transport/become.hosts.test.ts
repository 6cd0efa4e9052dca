import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { exec } from "../../src/kernel/step.ts";
import { asLogin, type Connection, type Identity, type Performed, type Target } from "../../src/kernel/target.ts";
import { Secret } from "../../src/kernel/value.ts";
import { connectSsh } from "../../src/transport/ssh.ts";
import { connectionTo } from "../hosts/connection.ts";
import { startHost, type TestHost } from "../hosts/host.ts";
import { doing, linksOf } from "./subject.ts";

describe("become", () => {
  let host: TestHost;
  let target: Target;
  const rootPassword = "the root's own words";
  const connection = (): Connection => connectionTo(host);
  beforeAll(async () => {
    host = await startHost({ release: "trixie", name: "become", sudo: "password" });
    await host.out(`printf '%s\\n' "root:${rootPassword}" | chpasswd`);
    const reached = await connectSsh(connection());
    if ("unreachable" in reached) throw new Error(reached.unreachable);
    target = reached;
  });
  afterAll(async () => {
    await target.close();
    await host.stop();
  });

  const who = (as: Identity): Promise<Performed> => target.perform({ as, lane: "control", links: [doing(exec("id", "-un"))], ask: [] });
  const sudo = (user: string, password?: string): Identity => ({
    method: "sudo",
    user,
    ...(password !== undefined && { password: new Secret(password) }),
  });
  const is = (user: string): object[] => [{ status: "done", ran: [{ stdout: `${user}\n` }] }];

  test("a wrong password is refused with the way out, and nothing was done", async () => {
    expect(await who(sudo("root", "not the password"))).toMatchObject({
      status: "refused",
      why: "sudo refused the password for becoming root",
      help: expect.stringContaining("ansible_become_password"),
    });
  });

  test("a missing password is refused with the way out", async () => {
    expect(await who(sudo("root"))).toMatchObject({
      status: "refused",
      why: "sudo wants a password for becoming root, and none was given",
      help: expect.stringContaining("-K"),
    });
  });

  test("sudo becomes root, with the password on stdin only", async () => {
    const before = target.counts.roundTrips;
    expect(linksOf(await who(sudo("root", host.password)))).toMatchObject(is("root"));
    expect(target.counts.roundTrips - before).toBe(1);
    expect(linksOf(await who(asLogin))).toMatchObject(is(host.user));
    expect(await host.out(["sh", "-c", "cat /proc/[0-9]*/cmdline | tr '\\000' ' '"])).not.toContain(host.password);
  });

  test("sudo becomes another user", async () => {
    expect(linksOf(await who(sudo("nobody", host.password)))).toMatchObject(is("nobody"));
    expect(await who(sudo("no-such-user", host.password))).toMatchObject({
      status: "refused",
      why: expect.stringContaining("no-such-user"),
    });
  });

  test("su becomes root with root's password", async () => {
    const su = (password?: string): Identity => ({
      method: "su",
      user: "root",
      ...(password !== undefined && { password: new Secret(password) }),
    });
    expect(await who(su("wrong words here"))).toMatchObject({ status: "refused", why: expect.stringContaining("su refused the password") });
    expect(await who(su())).toMatchObject({ status: "refused", why: expect.stringContaining("su wants a password") });
    expect(linksOf(await who(su(rootPassword)))).toMatchObject(is("root"));
  });

  test("a method that is not installed is refused with the others", async () => {
    expect(await who({ method: "doas", user: "root" })).toMatchObject({
      status: "refused",
      why: expect.stringContaining("doas is not installed there"),
      help: expect.stringContaining("sudo, su or doas"),
    });
  });

  test("sudo that wants a terminal is refused with the way out", async () => {
    await host.out("echo 'Defaults:deploy requiretty' >/etc/sudoers.d/tty");
    const fresh = await connectSsh(connection());
    if ("unreachable" in fresh) throw new Error(fresh.unreachable);
    const done = await fresh.perform({ as: sudo("root", host.password), lane: "control", links: [], ask: [] });
    expect(done).toMatchObject({
      status: "refused",
      why: expect.stringContaining("sudo wants a terminal"),
      help: expect.stringContaining("requiretty"),
    });
    await fresh.close();
    await host.out("rm /etc/sudoers.d/tty");
  });

  test("a user who may not use sudo is told what sudo said", async () => {
    await host.out("rm /etc/sudoers.d/deploy");
    const fresh = await connectSsh(connection());
    if ("unreachable" in fresh) throw new Error(fresh.unreachable);
    expect(await fresh.perform({ as: sudo("root", host.password), lane: "control", links: [], ask: [] })).toMatchObject({
      status: "refused",
      why: expect.stringMatching(/not (in the sudoers file|allowed)|may not run sudo/),
    });
    await fresh.close();
  });
});
