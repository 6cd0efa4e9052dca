import { z } from "zod";
import { type NftablesTable, nftables as nftablesTable } from "../../facts/nftables.ts";
import { type PathValue, path } from "../../facts/path.ts";
import { unit } from "../../facts/unit.ts";
import { type Change, change } from "../../kernel/change.ts";
import type { Answer } from "../../kernel/fact.ts";
import { type Answers, defineModule, type Refusal, refusal } from "../../kernel/module.ts";
import { exec } from "../../kernel/step.ts";
import { textFileQuestions, textOf, writeText } from "../parts/text-file.ts";
import { changeUnit } from "../system/unitChange.ts";
import { type NftablesArguments, nftablesArguments } from "./nftablesFields.ts";
import { replaced, rulesetText, unitText } from "./nftablesText.ts";

const head = "# Written by Rempart, which replaces the whole file.\n";
const mainFile = "/etc/nftables.conf";

function factsOf(a: NftablesArguments) {
  const file = textFileQuestions(fileOf(a));
  const service = textFileQuestions(`/etc/systemd/system/${unitOf(a)}`);
  const byUnit = a.persist === "unit";
  return {
    table: nftablesTable({ family: a.family, name: a.name, ...(a.state === "present" && { ruleset: rulesetText(a) }) }),
    file: file.file,
    folder: file.folder,
    unit: byUnit ? [unit(unitOf(a))] : [],
    unitFile: byUnit ? [service.file] : [],
    unitFolder: byUnit ? [service.folder] : [],
    main: a.persist === "include" ? [path({ path: mainFile, want: "content" })] : [],
    etc: a.persist === "include" ? [path({ path: "/etc", orSomething: true })] : [],
  };
}
type Facts = Answers<ReturnType<typeof factsOf>>;

/** A table of the firewall nftables. */
export const nftables = defineModule({
  name: "nftables",
  kind: "state",
  undoable: true,
  summary: "Declare a table of the firewall nftables whole, in the running kernel and for the next boot.",
  notes: [
    "The live table is compared, not only the file: a rule that was added by hand, or a table that was flushed, is found. Counters and handles do not count.",
    "For that the same nft loads the declared table into an empty network namespace and lists it there (`unshare -n`), so both sides have one form. Write `iifname` and `oifname`, as `iif` needs an interface that is there.",
    "It is replaced in one transaction: at no moment are there half of its rules. Elements that rules have added to its sets are lost then.",
    "No other table is touched, so it lives beside ufw, Docker and fail2ban. A packet must be accepted by every table.",
  ],
  args: nftablesArguments,
  result: z.object({
    family: z.string().describe("Family of the table."),
    name: z.string().describe("Name of the table."),
    present: z.boolean().describe("Whether the kernel has it."),
    path: z.string().nullable().describe("The file that holds it."),
  }),
  examples: [
    {
      title: "Web from the edge only",
      yaml: `nftables:
  name: edge
  sets: [{ name: edge4, type: ipv4_addr, flags: [interval], elements: [192.0.2.0/24, 198.51.100.0/24] }]
  chains:
    - name: input
      type: filter
      hook: input
      priority: -10
      policy: accept
      rules: ["iifname eth0 tcp dport { 80, 443 } ip saddr @edge4 accept", "iifname eth0 tcp dport { 80, 443 } counter drop"]`,
    },
    { title: "Gone", yaml: "nftables: { name: edge, state: absent }" },
  ],
  facts: factsOf,
  plan(a, facts) {
    const { error } = facts.table.value;
    if (error !== "") return refusal(`nft does not take the table ${a.family} ${a.name}: ${error}`);
    const broken = [facts.file, ...facts.unitFile, ...facts.main].map(textOf).find((t) => "refused" in t);
    if (broken && "refused" in broken) return broken;
    const kept = persisted(a, facts);
    if ("refused" in kept) return kept;
    return a.state === "absent" ? [...kept, ...live(a, facts.table)] : [...live(a, facts.table), ...kept];
  },
  resultOf: (a, { after }) => ({
    family: a.family,
    name: a.name,
    present: !after.table.missing && after.table.value.live !== "",
    path: a.persist === "none" || a.state === "absent" ? null : fileOf(a),
  }),
});

const fileOf = (a: NftablesArguments): string => a.path ?? `/etc/nftables.d/${a.name}.nft`;
const unitOf = (a: NftablesArguments): string => `nftables-${a.name}.service`;

/** The running kernel. */
function live(a: NftablesArguments, answer: Answer<NftablesTable>): Change[] {
  const now = answer.value;
  const wanted = a.state === "absent" ? "" : now.wanted;
  if (now.live === wanted) return [];
  const ruleset = rulesetText(a);
  const nft = (...words: string[]) => ({ ...exec("nft", ...words), stdin: ruleset });
  const before = `${replaced(a.family, a.name)}${now.live}${now.live === "" ? "" : "\n"}`;
  const name = `nftables ${a.family} ${a.name}`;
  const after = wanted ?? ruleset.slice(replaced(a.family, a.name).length);
  const line = (text: string): string | null => (text === "" ? null : text.endsWith("\n") ? text : `${text}\n`);
  const planned = change(
    answer,
    { live: wanted ?? "", of: a.state === "absent" ? "" : ruleset },
    {
      do: [nft("-c", "-f", "-"), nft("-f", "-")],
      subject: name,
      text: { name, before: line(now.live), after: line(after) },
      undo: { paths: [], run: [["sh", "-c", 'printf %s "$1" | nft -f -', "sh", before]] },
    },
  );
  const word = (text: string, there: string): string | undefined => (text === "" ? undefined : there);
  return [
    {
      ...planned,
      opaque: wanted === null,
      fields: [{ name: "running table", before: word(now.live, "other rules"), after: word(after, "as declared") }],
    },
  ];
}

/** What brings it back after a boot. */
function persisted(a: NftablesArguments, facts: Facts): readonly Change[] | Refusal {
  const gone = a.state === "absent";
  const file = a.persist === "none" ? [] : writeText(facts, gone ? null : `${head}${rulesetText(a)}`);
  const [main, etc] = [facts.main[0], facts.etc[0]];
  if (main && etc) return [...file, ...writeText({ file: main, folder: etc }, withInclude(main, `include "${fileOf(a)}"`, gone))];
  const [answer, unitFile, unitFolder] = [facts.unit[0], facts.unitFile[0], facts.unitFolder[0]];
  if (!answer || !unitFile || !unitFolder) return file;
  const written = writeText({ file: unitFile, folder: unitFolder }, gone ? null : unitText(a, fileOf(a)));
  const changed = changeUnit(answer, { name: unitOf(a), enabled: !gone }, written.length > 0 && !gone);
  if ("refused" in changed) return changed;
  return gone ? [...changed, ...written, ...file] : [...file, ...written, ...changed];
}

/** The text of the main file with this line at its end, or without it. */
function withInclude(answer: Answer<PathValue>, line: string, gone: boolean): string | null {
  const now = answer.value;
  if (now.type === "absent" && gone) return null;
  const lines = (now.content ?? "#!/usr/sbin/nft -f\n").replace(/\n$/, "").split("\n");
  const there = lines.some((l) => l.trim() === line);
  if (there !== gone) return now.content ?? null;
  return `${(gone ? lines.filter((l) => l.trim() !== line) : [...lines, line]).join("\n")}\n`;
}
