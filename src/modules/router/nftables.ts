import { createHash } from "node:crypto";
import { nftablesRouter } from "../../facts/router/nftables.ts";
import { hostsFolder, nftFile, nftRules, nftText } from "../../facts/router/nftables-table.ts";
import { exec, type Step } from "../../kernel/step.ts";
import type { RouterDriver, RouterEdit } from "./driver.ts";

/** A Linux router with nftables and dnsmasq: our table is replaced as a whole, reservations are a file each. */
export const nftables: RouterDriver = {
  name: "nftables",
  title: "a Linux router",
  place: { lan: "", igd: "" },
  lacks: {},
  ownFirewall: true,
  longestLabel: 100,
  state: ({ wan }) => nftablesRouter({ wan }),
  steps: (edits, now, next, { wan }) => [
    ...(now.unsettled || edits.some((e) => e.thing !== "reservation" && (e.after ?? e.before)?.name !== null)
      ? table(now.record, nftText(nftRules(next, wan)))
      : []),
    ...reservations(edits),
    ...edits.flatMap(foreign),
  ],
};

/** A rule in a table of somebody else, by its handle. Where a file of theirs brings it back at the next boot, it must go there too. */
function foreign({ before, after }: RouterEdit): Step[] {
  const [family = "", table = "", chain = "", handle = ""] = before?.name === null && !after ? (before.id ?? "").split(" ") : [];
  return handle === "" ? [] : [exec("nft", "delete", "rule", family, table, chain, "handle", handle)];
}

/** Tried, kept, loaded: what is kept is what is loaded at the next boot. */
function table(record: string | undefined, content: string): Step[] {
  const kept = record?.split("\n").flatMap((line) => (line.startsWith("f ") ? [`${line.slice(2)}\n`] : line === "f" ? ["\n"] : [])) ?? [];
  const replaces = kept.length === 0 ? null : createHash("sha256").update(kept.join("")).digest("hex");
  return [
    { do: "exec", argv: ["nft", "-c", "-f", "-"], stdin: content },
    { do: "write", path: nftFile, content, mode: "0644", owner: "root", group: "root", ...(record !== undefined && { replaces }) },
    exec("nft", "-f", nftFile),
  ];
}

/** 5: there is no such unit, so another one reads the folder. */
const restart: Step = { do: "exec", argv: ["systemctl", "try-restart", "dnsmasq"], okCodes: [0, 5] };

/** dnsmasq notices a new file by itself, but forgets a reservation only when it is started anew. */
function reservations(edits: readonly RouterEdit[]): Step[] {
  const changed = edits.filter((e) => e.thing === "reservation");
  if (changed.length === 0) return [];
  const files = changed.flatMap(({ before, after }): Step[] => {
    const file = `${hostsFolder}/${after?.name ?? before?.id}`;
    if (!after) return [exec("rm", "-f", "--", file)];
    return [{ do: "write", path: file, content: `${after.mac},${after.ip},${after.name}\n`, mode: "0644", owner: "root", group: "root" }];
  });
  const forgets = changed.some((e) => e.before);
  return [exec("mkdir", "-p", "-m", "0755", "--", hostsFolder), ...files, ...(forgets ? [restart] : [])];
}
