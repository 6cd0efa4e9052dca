import { writeFileSync } from "node:fs";
import type { TestHost } from "../hosts/host.ts";

/** Writes an inventory that all programs read; `reach` may name another way to a host. */
export function writeInventory(file: string, hosts: readonly TestHost[], reach: Readonly<Record<string, object>> = {}): void {
  const entries = hosts.map((host) => {
    const { ansible_host, ansible_port, ansible_user, ansible_ssh_private_key_file } = host.variables();
    return [host.name, { ansible_host, ansible_port, ansible_user, ansible_ssh_private_key_file, ...reach[host.name] }];
  });
  writeFileSync(file, JSON.stringify({ all: { hosts: Object.fromEntries(entries) } }, null, 1));
}
