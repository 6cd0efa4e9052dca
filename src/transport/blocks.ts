import { NoAnswer, type Question, questionOf } from "../kernel/fact.ts";
import type { Expectation, Link } from "../kernel/target.ts";
import { asking, equals, type Group, groupByKind } from "./groups.ts";

/** One thing that must be so at this point of the chain, and what it means for which link when it is not. */
export interface Hold {
  readonly link: number;
  readonly role: "guard" | "verify";
  readonly expectation: Expectation;
}

/** All that is compared between the steps of one link and those of the next, asked at once. */
export interface Block {
  readonly holds: readonly Hold[];
  readonly groups: readonly Group[];
}

/** A chain as it runs: a block, the steps of a link, a block, ... and a last block. `steps[i]` stands behind `blocks[i]`. */
export interface Chain {
  readonly blocks: readonly Block[];
  /** Indexes of the links that have steps. */
  readonly acting: readonly number[];
}

export function chainOf(links: readonly Link[]): Chain {
  const blocks: Block[] = [];
  const acting: number[] = [];
  let holds: Hold[] = [];
  links.forEach((link, i) => {
    for (const expectation of link.guard) holds.push({ link: i, role: "guard", expectation: cheapest(expectation) });
    if (link.steps.length > 0) {
      blocks.push(blockOf(holds));
      acting.push(i);
      holds = [];
    }
    for (const expectation of link.verify) holds.push({ link: i, role: "verify", expectation: cheapest(expectation) });
  });
  blocks.push(blockOf(holds));
  return { blocks, acting };
}

/** The question that costs the target least and still tells whether the expected value is there. */
function cheapest(expectation: Expectation): Expectation {
  const { fact, key } = expectation.question;
  if (!fact.proofKey || !fact.write) return expectation;
  const [value] = fact.read(bytesOf(expectation.text), [key]);
  if (value === undefined || value instanceof NoAnswer) return expectation;
  const proof = fact.proofKey(key, value);
  if (proof === key) return expectation;
  const question = questionOf(fact, proof);
  const text = fact.write(question.key, value);
  return text === undefined ? expectation : { question, text };
}

function blockOf(holds: readonly Hold[]): Block {
  return { holds, groups: groupByKind(holds.map((h) => h.expectation.question)) };
}

/** Shell text that asks the block and leaves the chain at a difference, telling what it saw. */
export function blockScript(block: Block, index: number): Buffer {
  if (block.groups.length === 0) return Buffer.alloc(0);
  const expected = new Map<string, Buffer>();
  let contradicted = false;
  for (const { expectation } of block.holds) {
    const text = bytesOf(expectation.text);
    const known = expected.get(expectation.question.id);
    if (known && !known.equals(text)) contradicted = true;
    expected.set(expectation.question.id, known ?? text);
  }
  const parts = block.groups.flatMap((group, g): Buffer[] => {
    const text = Buffer.concat(group.questions.map((q) => expected.get(q.id) ?? Buffer.alloc(0)));
    const seen = `rp_d ${index} ${g}\n`;
    const ask = Buffer.from(`${asking(group)}rp_q 2>/dev/null\n`);
    // A shell drops NUL from what it captures, so such a record can be told from no other: it never holds.
    if (contradicted || text.includes(0)) return [ask, Buffer.from(seen)];
    return [ask, Buffer.concat([equals(text), Buffer.from(` || ${seen}`)])];
  });
  return Buffer.concat([...parts, Buffer.from('[ -z "$rp_stop" ] || exit 0\n')]);
}

/** The first thing that did not hold. `seen` has the values of the groups that differed, by question id. */
export function firstDifference(block: Block, seen: ReadonlyMap<string, unknown>): Hold | undefined {
  return (
    block.holds.find((h) => seen.has(h.expectation.question.id) && !recordIs(h.expectation, seen.get(h.expectation.question.id))) ??
    block.holds[0]
  );
}

function recordIs({ question, text }: Expectation, value: unknown): boolean {
  const record = writeRecord(question, value);
  return record?.equals(bytesOf(text)) ?? false;
}

function writeRecord(question: Question, value: unknown): Buffer | undefined {
  try {
    const record = question.fact.write?.(question.key, value);
    return record === undefined ? undefined : bytesOf(record);
  } catch {
    // The value is "no answer", which no record stands for.
    return undefined;
  }
}

function bytesOf(text: string | Buffer): Buffer {
  return typeof text === "string" ? Buffer.from(text) : text;
}
