/** What does the work of modules of Ansible that are not here. */
const ways: Readonly<Record<string, string>> = {
  apt_key: "deb822_repository: its `signed_by` is the one key that may sign the repository",
  apt_repository: "deb822_repository",
  cron: "timer: a systemd timer with its command, which catches up when the host was off and logs to the journal",
  docker_container: "docker_compose: a project of one service",
  gather_facts: "the keyword `gather_facts: true` of a play",
  iptables: "ufw, or nftables for a table of one's own",
  package: "apt",
  raw: "shell: a target needs nothing but a shell here",
  setup: "the keyword `gather_facts: true` of a play",
};

/** The way here, for the name of a module of Ansible with or without its collection; undefined where there is none to name. */
export function insteadOf(module: string): string | undefined {
  const way = ways[module.split(".").at(-1) ?? ""];
  return way === undefined ? undefined : `use ${way}`;
}
