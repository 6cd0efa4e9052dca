import type { NftablesArguments } from "./nftablesFields.ts";

/** What nft runs in one go: an old table of this name goes, and the new one is there. null for none. */
export function rulesetText(a: NftablesArguments): string {
  const { family, name } = a;
  const body = a.state === "absent" ? "" : `table ${family} ${name} {\n${[...a.sets.map(setText), ...a.chains.map(chainText)].join("")}}\n`;
  return `${replaced(family, name)}${body}`;
}

/** Makes sure that there is no such table, whether or not there was one. */
export function replaced(family: string, name: string): string {
  return `add table ${family} ${name}\ndelete table ${family} ${name}\n`;
}

function setText(s: NftablesArguments["sets"][number]): string {
  return block("set", s.name, [
    `type ${s.type}`,
    s.size === undefined ? "" : `size ${s.size}`,
    s.flags?.length ? `flags ${s.flags.join(",")}` : "",
    s.timeout === undefined ? "" : `timeout ${s.timeout}`,
    s.auto_merge ? "auto-merge" : "",
    s.elements?.length ? `elements = { ${s.elements.join(", ")} }` : "",
  ]);
}

function chainText(c: NftablesArguments["chains"][number]): string {
  const device = c.device === undefined ? "" : ` device "${c.device}"`;
  const hook = c.hook === undefined ? "" : `type ${c.type} hook ${c.hook}${device} priority ${c.priority}; policy ${c.policy ?? "accept"};`;
  return block("chain", c.name, [hook, ...c.rules]);
}

function block(kind: string, name: string, lines: readonly string[]): string {
  const body = lines.filter((l) => l !== "").map((l) => `\t\t${l}\n`);
  return `\t${kind} ${name} {\n${body.join("")}\t}\n`;
}

/** The unit that loads the file at boot, before the network and behind nftables.service, which empties everything. */
export function unitText(a: NftablesArguments, file: string): string {
  return `# Written by Rempart, which replaces the whole file.
[Unit]
Description=Table ${a.family} ${a.name} of nftables
DefaultDependencies=no
Wants=network-pre.target
Before=network-pre.target shutdown.target
After=nftables.service local-fs.target
Conflicts=shutdown.target

[Service]
Type=oneshot
RemainAfterExit=yes
ExecStart=/usr/sbin/nft -f ${file}

[Install]
WantedBy=sysinit.target
`;
}
