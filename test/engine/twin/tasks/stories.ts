import type { Task } from "./argument.ts";

const unit = (start: string): string => `[Unit]\n[Service]\nExecStart=${start}\n[Install]\nWantedBy=multi-user.target\n`;
const story = (...tasks: readonly Task[]): Task => ({ block: tasks.map((t, i) => ({ name: `part ${i}`, ignore_errors: true, ...t })) });

/** Tasks that belong together, where what comes later shows only when what came before has settled, or reaches further than it says. */
export const stories: readonly Task[] = [
  story(
    { copy: { dest: "/etc/systemd/system/app.service", content: unit("/opt/dies") } },
    { systemd: { name: "app", state: "started" } },
    { file: { path: "/lab/deaths", state: "absent" } },
  ),
  story(
    { apt: { name: "docker" } },
    { copy: { dest: "/srv/app/compose.yml", content: "services: { web: { image: dies }, db: { image: well } }\n" } },
    { docker_compose: { project_src: "/srv/app" } },
    { docker_network: { name: "app_default", state: "absent" } },
  ),
  story(
    { apt: { name: "webd" } },
    { uri: { url: "http://127.0.0.1/health" } },
    { systemd: { name: "webd", state: "stopped" } },
    { uri: { url: "http://127.0.0.1/health" } },
  ),
  story(
    { uri: { url: "http://127.0.0.1/items", method: "POST", body: "x" } },
    { command: { cmd: "append-a", always: "it counts" } },
    { command: { cmd: "half-way", always: "it fails" } },
    { command: { cmd: "append-a", always: "it counts" } },
  ),
  story(
    { file: { path: "/home/late/data", state: "directory" } },
    { user: { name: "late", uid: 1502 } },
    { file: { path: "/home/late/data", owner: "late" } },
    { copy: { dest: "/home/late/note", content: "one\n", owner: "late" } },
  ),
  story(
    { kernel_module: { name: "br_netfilter" } },
    { sysctl: { name: "net.bridge.bridge-nf-call-iptables", value: 0 } },
    { sysctl: { name: "net.ipv4.ip_forward", value: 1 } },
    { sysctl: { name: "net.ipv4.conf.all.forwarding", value: 1 } },
  ),
];
