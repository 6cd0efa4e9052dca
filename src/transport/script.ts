import type { Question } from "../kernel/fact.ts";
import type { Step } from "../kernel/step.ts";
import type { Work } from "../kernel/target.ts";
import { blockScript, type Chain, chainOf } from "./blocks.ts";
import { writers } from "./frame.ts";
import { asking, functionsOf, type Group, groupByKind } from "./groups.ts";
import { settling } from "./settle.ts";
import { type Staged, stagingFile } from "./staging.ts";
import { type Hopeless, okCodes, stepScript } from "./steps.ts";
import { writeFunction } from "./write.ts";

/** One step as it runs: `number` counts through the chain. */
export interface NumberedStep {
  readonly number: number;
  readonly link: number;
  readonly step: Step;
  readonly hopeless?: string;
  /** Seconds that all steps of its link may take together. */
  readonly within?: number;
}

/** What a script does, in the order in which it does it: what its output is read by. */
export interface Script {
  readonly chain: Chain;
  readonly steps: readonly NumberedStep[];
  readonly asks: readonly AskGroup[];
  /** How many links there are. */
  readonly links: number;
  /** The text, for this mark. */
  text(mark: string): Buffer;
}

export interface AskGroup extends Group {
  /** Asked until the answer has held. */
  readonly settles: boolean;
  /** Seconds that it may take, where that is not the usual. */
  readonly bound?: number;
}

/**
 * `rp_b` begins step $1 on both streams; `rp_e` ends it with exit code $2 and leaves the chain unless that is among the rest.
 * `rp_d` tells what was seen instead of what block $1 expects of group $2. `rp_a` tells answer $1, with its length, since
 * something that a step left behind may still write between our lines.
 */
const functions = `rp_b() { rp_m "$rp_k b $1"; rp_m "$rp_k b $1" >&2; }
rp_e() { rp_i=$1 rp_r=$2; rp_m "$rp_k e $1 $2"; rp_m "$rp_k e $1" >&2; shift 2; for rp_x; do [ "$rp_x" != "$rp_r" ] || return 0; done; exit 0; }
rp_d() { rp_stop=1; rp_m "$rp_k o $1 $2 \${#rp_o}"; rp_w "$rp_o"; }
rp_a() { rp_m "$rp_k a $1 \${#rp_o}"; rp_w "$rp_o"; }
`;

/** The script of one exchange. Linear in its links; `captured` when something may write to the shell's output unasked. */
export function scriptOf(
  work: Pick<Work, "links" | "ask" | "settle">,
  staged: ReadonlyMap<Step, Staged>,
  captured: boolean,
  lock = "",
): Script {
  const chain = chainOf(work.links);
  const body: Buffer[] = [];
  const steps: NumberedStep[] = [];
  chain.acting.forEach((link, i) => {
    const block = chain.blocks[i];
    if (block) body.push(blockScript(block, i));
    const { steps: own = [], timeout: within } = work.links[link] ?? {};
    for (const step of own) {
      const numbered = { number: steps.length, link, step, ...(within !== undefined && { within }) };
      const text = stepScript(step, staged.get(step));
      body.push(stepLines(numbered, text));
      steps.push("hopeless" in text ? { ...numbered, hopeless: text.hopeless } : numbered);
    }
  });
  const last = chain.blocks.at(-1);
  if (last) body.push(blockScript(last, chain.blocks.length - 1));
  const settle = work.settle ?? new Set<string>();
  const asks = askGroups(work.ask, settle);
  body.push(
    Buffer.from('rp_m "$rp_k d"\n'),
    ...asks.map((group, i) => Buffer.from(askLines(group, i, captured || steps.length > 0))),
    Buffer.from('rp_m "$rp_k f"\n'),
  );
  const writes = steps.some((s) => s.step.do === "write" || s.step.do === "upload") ? writeFunction + cleanup(staged) : "";
  const asked = functionsOf([...chain.blocks.flatMap((b) => b.groups), ...asks]);
  const head = (mark: string): Buffer => Buffer.from(`exec 3<&-\nrp_k=${mark} rp_stop=\n${writers}${functions}${lock}${writes}${asked}`);
  return { chain, steps, asks, links: work.links.length, text: (mark) => Buffer.concat([head(mark), ...body]) };
}

/** Staging files, and the new file of a write that is cut, go with the chain, however it ends. */
function cleanup(staged: ReadonlyMap<Step, Staged>): string {
  const files = [...staged.values()].flatMap((s) => ("name" in s ? [stagingFile(s.name).everywhere] : []));
  const gone = files.length === 0 ? "" : `; rm -f -- ${files.join(" ")}`;
  return `rp_new=; trap '[ -z "$rp_new" ] || rm -f -- "$rp_new"${gone}' 0; trap 'exit 1' 1 2 13 15\n`;
}

function stepLines({ number, step }: NumberedStep, text: Buffer | Hopeless): Buffer {
  if ("hopeless" in text) return Buffer.from(`rp_b ${number}\nrp_e ${number} 125\n`);
  return Buffer.concat([Buffer.from(`rp_b ${number}\n`), text, Buffer.from(`\nrp_e ${number} $? ${okCodes(step).join(" ")}\n`)]);
}

/**
 * What has to settle comes first: the tasks behind may only stand on what is so when it has settled. Then what has a bound of its
 * own, so that nothing else runs on that.
 */
function askGroups(questions: readonly Question[], settle: ReadonlySet<string>): AskGroup[] {
  const holds = (q: Question): boolean => q.fact.settle !== undefined && settle.has(q.id);
  const groups = (some: readonly Question[], settles: boolean): AskGroup[] =>
    groupByKind(some).map((g) => ({ ...g, settles, ...bounded(g) }));
  const plain = groups(
    questions.filter((q) => !holds(q)),
    false,
  );
  const isBounded = (g: AskGroup): boolean => g.bound !== undefined;
  return [...groups(questions.filter(holds), true), ...plain.filter(isBounded), ...plain.filter((g) => !isBounded(g))];
}

/** What runs the user's text is asked one by one, so there is one key. */
function bounded({ fact, questions }: Group): { readonly bound?: number } {
  const bound = fact.runsUserText ? fact.bound?.(questions[0]?.key) : undefined;
  return bound === undefined ? {} : { bound };
}

function askLines(group: AskGroup, index: number, captured: boolean): string {
  const ask = asking(group);
  if (group.settles && group.fact.settle) return `${ask}${settling(group.fact.settle)}rp_a ${index}\n`;
  if (captured || group.fact.runsUserText) return `${ask}rp_q 2>/dev/null\nrp_a ${index}\n`;
  return `${ask}rp_m "$rp_k a ${index}"\n${group.fact.collect ? 'rp_q 2>/dev/null\nrp_w "$_o"' : "rp_g 2>/dev/null"}\n`;
}
