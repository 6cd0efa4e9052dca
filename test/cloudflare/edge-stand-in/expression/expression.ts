import { NotKnown } from "../not-known.ts";
import { comparison } from "./comparison.ts";
import { call, field, type Test, type Value } from "./fields.ts";
import { type Token, tokensOf } from "./tokens.ts";

const compiled = new Map<string, Test>();

/** A rule's expression as a test of requests. The whole of it is understood, or NotKnown is thrown: no part is left to chance. */
export function testOf(expression: string): Test {
  const known = compiled.get(expression);
  if (known) return known;
  try {
    const reader = new Reader(tokensOf(expression));
    const test = reader.either();
    reader.end();
    compiled.set(expression, test);
    return test;
  } catch (error) {
    if (!(error instanceof NotKnown)) throw error;
    throw new NotKnown(`${error.message}, in the expression ${expression}`, { cause: error });
  }
}

/** `not` binds closer than `and`, and that closer than `or`. */
class Reader {
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  either(): Test {
    const parts = [this.#both()];
    while (this.#take("or", "||")) parts.push(this.#both());
    return (f) => parts.some((part) => part(f));
  }

  end(): void {
    const rest = this.#tokens[this.#at];
    if (rest) throw new NotKnown(`${JSON.stringify(rest.value)} where an expression ends`);
  }

  #both(): Test {
    const parts = [this.#one()];
    while (this.#take("and", "&&")) parts.push(this.#one());
    return (f) => parts.every((part) => part(f));
  }

  #one(): Test {
    if (this.#take("not", "!")) {
      const part = this.#one();
      return (f) => !part(f);
    }
    if (this.#take("(")) {
      const inner = this.either();
      this.#expect(")");
      return inner;
    }
    if (this.#take("true")) return () => true;
    const left = this.#value();
    const next = this.#tokens[this.#at];
    if (left.type === "yes or no" && (next === undefined || next.value === ")" || ["and", "or", "&&", "||"].includes(next.value)))
      return (f) => left.of(f) === true;
    return comparison(left, this.#word(), () => this.#literals());
  }

  #value(): Value {
    const token = this.#next();
    if (token.kind === "text") return { type: "text", of: () => token.value };
    if (token.kind === "sign") throw new NotKnown(`${JSON.stringify(token.value)} where a value is expected`);
    if (!this.#take("(")) return field(token.value);
    const given = [this.#value()];
    while (this.#take(",")) given.push(this.#value());
    this.#expect(")");
    return call(token.value, given);
  }

  /** What stands behind an operator: one literal, or a set of them in braces. */
  #literals(): { readonly set: boolean; readonly tokens: readonly Token[] } {
    if (!this.#take("{")) return { set: false, tokens: [this.#next()] };
    const tokens: Token[] = [];
    while (!this.#take("}")) tokens.push(this.#next());
    return { set: true, tokens };
  }

  #word(): string {
    return this.#next().value;
  }

  #next(): Token {
    const token = this.#tokens[this.#at++];
    if (!token) throw new NotKnown("an end where more is expected");
    return token;
  }

  #take(...values: readonly string[]): boolean {
    const token = this.#tokens[this.#at];
    const fits = token !== undefined && token.kind !== "text" && values.includes(token.value);
    if (fits) this.#at++;
    return fits;
  }

  #expect(value: string): void {
    if (!this.#take(value)) throw new NotKnown(`${JSON.stringify(this.#tokens[this.#at]?.value ?? "the end")} where ${value} is expected`);
  }
}
