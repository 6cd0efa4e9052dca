import { isIP } from "node:net";
import { NotKnown } from "../not-known.ts";
import { rangesOf } from "../ranges.ts";
import type { Test, Value } from "./fields.ts";
import type { Token } from "./tokens.ts";

interface Literals {
  readonly set: boolean;
  readonly tokens: readonly Token[];
}

const negated: Readonly<Record<string, string>> = { ne: "eq", "!=": "eq" };

/** `left operator literals`. */
export function comparison(left: Value, operator: string, read: () => Literals): Test {
  const positive = negated[operator];
  if (positive !== undefined) {
    const same = comparison(left, positive, read);
    return (f) => !same(f);
  }
  if (!["eq", "==", "in", "contains"].includes(operator)) throw new NotKnown(`the operator ${operator}`);
  const { set, tokens } = read();
  if (set !== (operator === "in") || tokens.length === 0) throw new NotKnown(`${operator} with ${set ? "a set" : "no set"}`);
  if (left.type === "address" && operator !== "contains") {
    const ranges = rangesOf(tokens.map((token) => addressIn(token)));
    return (f) => ranges(String(left.of(f)));
  }
  if (left.type !== "text") throw new NotKnown(`${operator} with something that is not a text`);
  const other = tokens.find((token) => token.kind !== "text");
  if (other) throw new NotKnown(`${other.value} where a text in quotes is expected`);
  const values = tokens.map((token) => token.value);
  if (operator === "contains") return (f) => String(left.of(f)).includes(values[0] ?? "");
  return (f) => values.includes(String(left.of(f)));
}

function addressIn(token: Token): string {
  const [address = "", length, more] = token.value.split("/");
  if (token.kind !== "word" || isIP(address) === 0 || more !== undefined || (length !== undefined && !/^\d+$/.test(length)))
    throw new NotKnown(`${token.value} where an address is expected`);
  return token.value;
}
