/** Where an element stands in its text, as offsets. Of `<a/>` the inside is empty and stands at its end. */
export interface Span {
  readonly start: number;
  /** Behind the start tag. */
  readonly inside: number;
  /** Before the end tag. */
  readonly close: number;
  readonly end: number;
  /** Written `<a/>`. */
  readonly single: boolean;
}

const token = /<!--.*?-->|<!\[CDATA\[.*?\]\]>|<\?.*?\?>|<\/[^>]*>|<(?:[^"'>]|"[^"]*"|'[^']*')*>/gs;

/** A piece of markup of a well-formed text, with its place. */
export interface Tag {
  readonly kind: "open" | "close" | "single" | "other";
  readonly start: number;
  readonly end: number;
}

export function tagsOf(text: string): readonly Tag[] {
  return [...text.matchAll(token)].map(({ 0: tag, index }) => {
    const kind = /^<[!?]/.test(tag) ? "other" : tag.startsWith("</") ? "close" : tag.endsWith("/>") ? "single" : "open";
    return { kind, start: index, end: index + tag.length };
  });
}

/** The elements of a well-formed text, in the order of their start tags. */
export function spansOf(text: string): readonly Span[] {
  const spans: Span[] = [];
  const open: number[] = [];
  for (const { kind, start, end } of tagsOf(text)) {
    if (kind === "open") open.push(spans.length);
    if (kind === "open") spans.push({ start, inside: end, close: end, end, single: false });
    if (kind === "single") spans.push({ start, inside: end, close: end, end, single: true });
    const at = kind === "close" ? open.pop() : undefined;
    const begun = at === undefined ? undefined : spans[at];
    if (at !== undefined && begun) spans[at] = { ...begun, close: start, end };
  }
  return spans;
}

/** Replaces pieces of a text; the pieces do not overlap. */
export function spliced(text: string, pieces: readonly { readonly from: number; readonly to: number; readonly text: string }[]): string {
  let result = text;
  for (const piece of [...pieces].sort((a, b) => b.from - a.from))
    result = result.slice(0, piece.from) + piece.text + result.slice(piece.to);
  return result;
}
