/**
 * Text of a target or a file, safe for a terminal: control characters other than newline and tab are written out, and so is
 * what turns the direction of writing or takes no room, as it would let a text look like another one.
 */
export function visible(text: string): string {
  return text
    .replace(/\r\n/g, "\n")
    .replace(/\p{Cc}/gu, (c) => (c === "\n" || c === "\t" ? c : `\\x${hex(c)}`))
    .replace(/[\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069\ufeff]/g, (c) => `\\u${hex(c).padStart(4, "0")}`);
}

/** Columns that a text takes on a terminal; a tab counts as one. */
export function columns(text: string): number {
  let width = 0;
  for (const c of text) width += columnsOf(c);
  return width;
}

/** The head of a text that fits so many columns, with … where it was cut. */
export function cut(text: string, width: number): string {
  if (columns(text) <= width) return text;
  let head = "";
  let used = 1;
  for (const c of text) {
    used += columnsOf(c);
    if (used > width) break;
    head += c;
  }
  return `${head}…`;
}

/** Columns of one code point: 0 for marks that combine, 2 for East Asian wide ones and emoji. */
export function columnsOf(c: string): number {
  if (/\p{Mn}|\p{Me}|\p{Cf}/u.test(c)) return 0;
  return wide.test(c) ? 2 : 1;
}

const wide =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\ua960-\ua97f\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}/u;

function hex(c: string): string {
  return c.charCodeAt(0).toString(16).padStart(2, "0");
}
