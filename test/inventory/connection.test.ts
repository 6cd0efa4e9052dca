import { homedir } from "node:os";
import { describe, expect, it } from "vitest";
import { connectionOf, identityOf } from "../../src/inventory/connection.ts";
import { Refused } from "../../src/kernel/diagnostic.ts";
import { Secret, Unknown, type Value } from "../../src/kernel/value.ts";

const from = (vars: Readonly<Record<string, Value>>) => (name: string) => vars[name];

function told(vars: Readonly<Record<string, Value>>): string {
  const answer = connectionOf("web1", from(vars));
  return "severity" in answer ? `${answer.message} | ${answer.help}` : JSON.stringify(answer);
}

describe("the connection of a host", () => {
  it("is ssh to its name when nothing is said", () => {
    expect(connectionOf("web1", from({}))).toEqual({ host: "web1", kind: "ssh", address: "web1" });
  });

  it("follows Ansible's variables, a port as text among them", () => {
    const vars = {
      ansible_host: "10.0.0.1",
      ansible_port: "2222",
      ansible_user: "admin",
      ansible_ssh_private_key_file: "~/.ssh/home",
      ansible_password: "a-password",
      ansible_ssh_known_hosts: ["~/hosts"],
      ansible_ssh_proxy_jump: "jump@gate",
      ansible_python_interpreter: "/usr/bin/python3",
    };
    expect(connectionOf("web1", from(vars))).toMatchObject({
      address: "10.0.0.1",
      port: 2222,
      user: "admin",
      keyFile: `${homedir()}/.ssh/home`,
      knownHosts: [`${homedir()}/hosts`],
      proxyJump: "jump@gate",
    });
    expect(told(vars)).not.toContain("a-password");
  });

  it("may be local or a container", () => {
    expect(connectionOf("here", from({ ansible_connection: "local" }))).toMatchObject({ kind: "local" });
    expect(connectionOf("box", from({ ansible_connection: "docker", ansible_host: "c1" }))).toMatchObject({
      kind: "docker",
      address: "c1",
    });
    expect(connectionOf("box", from({ ansible_connection: "docker", ansible_docker_container: "c2" }))).toMatchObject({ address: "c2" });
  });

  it.each<[Readonly<Record<string, Value>>, string]>([
    [
      { ansible_connection: "winrm" },
      'web1: there is no connection "winrm" | ansible_connection is ssh, local or docker, or for an API cloudflare, freebox, livebox, bbox, routeros, opnsense',
    ],
    [{ ansible_port: "ssh" }, "web1: ansible_port must be a port from 1 to 65535 | undefined"],
    [{ ansible_port: 70_000 }, "web1: ansible_port must be a port from 1 to 65535 | undefined"],
    [{ ansible_host: [] }, "web1: ansible_host must be a text | undefined"],
    [{ ansible_host: "" }, "web1: ansible_host is empty | remove it, or give it a value"],
    [{ ansible_ssh_host: "x" }, "web1: the variable ansible_ssh_host is not followed | it is called ansible_host"],
    [
      { ansible_host: new Unknown("Look") },
      'web1: ansible_host must be known before the host is reached, it waits for "Look" | give it in the inventory',
    ],
  ])("%j is told as wrong", (vars, expected) => {
    expect(told(vars)).toBe(expected);
  });

  it("refuses Ansible's ssh arguments with the way out instead of passing over them", () => {
    expect(told({ ansible_ssh_common_args: "-J gate" })).toContain("ansible_ssh_proxy_jump");
  });
});

describe("who acts on a host", () => {
  it("is the login unless somebody is to be become", () => {
    expect(identityOf(from({ ansible_become_user: "x" }), {})).toEqual({ method: "none", user: "" });
    expect(identityOf(from({ ansible_become: true }), { become: false })).toEqual({ method: "none", user: "" });
  });

  it("is root by sudo unless task or host say otherwise, the task first", () => {
    expect(identityOf(from({}), { become: true })).toEqual({ method: "sudo", user: "root" });
    expect(identityOf(from({ ansible_become: true, ansible_become_user: "a", ansible_become_method: "doas" }), {})).toEqual({
      method: "doas",
      user: "a",
    });
    expect(identityOf(from({ ansible_become_user: "a" }), { become: true, user: "b", method: "su" })).toEqual({ method: "su", user: "b" });
  });

  it("takes the password as a Secret under both of its names", () => {
    for (const name of ["ansible_become_password", "ansible_become_pass"]) {
      expect(identityOf(from({ [name]: "a-password" }), { become: true }).password).toBeInstanceOf(Secret);
    }
  });

  it("is refused for a wrong value", () => {
    expect(() => identityOf(from({ ansible_become: "yes" }), {})).toThrow(Refused);
    expect(() => identityOf(from({}), { become: true, method: "runas" })).toThrow('there is no way to become another user called "runas"');
  });
});
