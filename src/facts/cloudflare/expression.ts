/** A filter expression in the form in which two are compared: blanks outside of texts say nothing. */
export function canonicalExpression(text: string): string {
  const tokens = text.match(/"(?:\\.|[^"\\])*"|[(){}[\],]|[^\s(){}[\],"]+/g) ?? [];
  return tokens
    .join(" ")
    .replace(/ ([)}\],])/g, "$1")
    .replace(/([({[]) /g, "$1")
    .replace(/(\b[a-z_0-9]+) \(/g, (whole, word: string) => (words.has(word) ? whole : `${word}(`));
}

/** Words of the language that may stand before a bracket without being a function. */
const words = new Set(["and", "or", "not", "xor", "in", "eq", "ne", "lt", "le", "gt", "ge", "contains", "matches", "wildcard", "strict"]);
