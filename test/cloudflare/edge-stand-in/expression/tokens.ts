import { NotKnown } from "../not-known.ts";

/** A piece of an expression: a quoted text without its quotes, a word, or a sign. */
export interface Token {
  readonly kind: "text" | "word" | "sign";
  readonly value: string;
}

const pieces = /\s+|"((?:\\.|[^"\\])*)"|([A-Za-z0-9_.:/]+)|(==|!=|&&|\|\||[(){},!])/y;

export function tokensOf(expression: string): Token[] {
  const tokens: Token[] = [];
  pieces.lastIndex = 0;
  while (pieces.lastIndex < expression.length) {
    const at = pieces.lastIndex;
    const found = pieces.exec(expression);
    if (!found) throw new NotKnown(`${JSON.stringify(expression.slice(at, at + 12))} in an expression`);
    const [, quoted, word, sign] = found;
    if (quoted !== undefined) tokens.push({ kind: "text", value: unescaped(quoted) });
    else if (word !== undefined) tokens.push({ kind: "word", value: word });
    else if (sign !== undefined) tokens.push({ kind: "sign", value: sign });
  }
  return tokens;
}

/** Only quotes and backslashes are escaped. */
function unescaped(quoted: string): string {
  return quoted.replace(/\\(.)/g, (pair, character: string) => {
    if (character === '"' || character === "\\") return character;
    throw new NotKnown(`${pair} in a text`);
  });
}
