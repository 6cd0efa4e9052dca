import { spliced, tagsOf } from "../parts/xml-spans.ts";
import { childrenOf, type Selected, type XmlElement, type XmlText } from "../parts/xml-text.ts";
import { inAttribute, inText, isNode, written, type XmlNode } from "./xmlNodes.ts";

/** The text in which all these elements hold this text. */
export function withText(xml: XmlText, elements: readonly XmlElement[], value: string): string {
  const others = elements.filter((e) => e.textContent !== value);
  return spliced(
    xml.text,
    others.map((e) => inside(xml, e, inText(value))),
  );
}

/** The text in which all these elements have this attribute. */
export function withAttribute(xml: XmlText, elements: readonly XmlElement[], name: string, value: string): string {
  const others = elements.filter((e) => e.getAttribute(name) !== value);
  return spliced(
    xml.text,
    others.map((element) => {
      const written = `${name}="${inAttribute(value)}"`;
      const there = attributeIn(xml, element, name);
      if (there) return { from: there.name, to: there.to, text: written };
      const { start, inside } = xml.span(element);
      const end = start + xml.text.slice(start, inside).search(/\s*\/?>$/);
      return { from: end, to: end, text: ` ${written}` };
    }),
  );
}

/** The text without these elements, each with the line break before it, and without these attributes. */
export function without(xml: XmlText, { elements, attributes }: Selected): string {
  const gone = elements.filter((e) => !elements.some((other) => other !== e && holds(other, e)));
  return spliced(xml.text, [
    ...gone.map((e) => {
      const { start, end } = xml.span(e);
      return { from: start - (/\r?\n[ \t]*$/.exec(xml.text.slice(0, start))?.[0].length ?? 0), to: end, text: "" };
    }),
    ...attributes.flatMap(({ element, name }) => {
      const there = attributeIn(xml, element, name);
      return there ? [{ from: there.from, to: there.to, text: "" }] : [];
    }),
  ]);
}

/** The text in which these elements hold these children and no others. */
export function withChildren(xml: XmlText, elements: readonly XmlElement[], nodes: readonly XmlNode[]): string {
  const others = elements.filter((e) => {
    const now = childrenOf(e);
    return now.length !== nodes.length || now.some((c, i) => !isNode(c, nodes[i] as XmlNode));
  });
  const outer = others.filter((e) => !others.some((other) => other !== e && holds(other, e)));
  return spliced(
    xml.text,
    outer.map((e) => inside(xml, e, nodes.length === 0 ? "" : block(xml, e, nodes))),
  );
}

/** The text in which these elements hold these children too: what is not among theirs goes behind the last. */
export function withMoreChildren(xml: XmlText, elements: readonly XmlElement[], nodes: readonly XmlNode[]): string {
  return spliced(
    xml.text,
    elements.flatMap((e) => {
      const now = childrenOf(e);
      const missing = nodes.filter((n) => !now.some((c) => isNode(c, n)));
      const last = now.at(-1);
      if (missing.length === 0) return [];
      if (!last) return [inside(xml, e, block(xml, e, missing))];
      const { start, end } = xml.span(last);
      const before = lineStart(xml.text, start);
      return [{ from: end, to: end, text: missing.map((n) => (before ?? "") + written(n, before, unitOf(xml))).join("") }];
    }),
  );
}

/** What stands between two tags is replaced; `<a/>` becomes two tags. */
function inside(xml: XmlText, element: XmlElement, content: string): { from: number; to: number; text: string } {
  const span = xml.span(element);
  if (!span.single) return { from: span.inside, to: span.close, text: content };
  const tag = xml.text.slice(span.start, span.end).replace(/\s*\/>$/, "");
  return { from: span.start, to: span.end, text: `${tag}>${content}</${element.nodeName}>` };
}

/** Children on lines of their own, one deeper than their parent; all on one line where the text has none. */
function block(xml: XmlText, parent: XmlElement, nodes: readonly XmlNode[]): string {
  const isRoot = parent === xml.document.documentElement;
  const before = lineStart(xml.text, xml.span(parent).start) ?? (isRoot && xml.text.includes("\n") ? "\n" : undefined);
  const below = before === undefined ? undefined : before + unitOf(xml);
  return nodes.map((n) => (below ?? "") + written(n, below, unitOf(xml))).join("") + (before ?? "");
}

/** The line break and blanks before that place, undefined when something else stands before it on its line. */
function lineStart(text: string, at: number): string | undefined {
  return /\r?\n[ \t]*$/.exec(text.slice(0, at))?.[0];
}

/** By how much one level is further in than the one above. */
export function unitOf(xml: XmlText): string {
  const first = childrenOf(xml.document.documentElement as XmlElement)[0];
  const before = first && lineStart(xml.text, xml.span(first).start)?.replace(/\r?\n/, "");
  return before || "  ";
}

function holds(outer: XmlElement, element: XmlElement): boolean {
  for (let at = element.parentNode; at; at = at.parentNode) if (at === outer) return true;
  return false;
}

/** Where an attribute stands: with the blanks before it, its name, and the end of its value. */
function attributeIn(xml: XmlText, element: XmlElement, name: string): { from: number; name: number; to: number } | undefined {
  const { start, inside } = xml.span(element);
  for (const found of xml.text.slice(start, inside).matchAll(/(\s+)([^\s=>/]+)\s*=\s*(?:"[^"]*"|'[^']*')/g)) {
    const from = start + found.index;
    if (found[2] === name) return { from, name: from + (found[1]?.length ?? 0), to: from + found[0].length };
  }
  return undefined;
}

/** Each element, comment and instruction on a line of its own; text is left as it is, and so is what stands beside text. */
export function prettyPrinted(text: string, unit: string): string {
  const tags = tagsOf(text);
  const mixed = new Set<number>();
  const open: number[] = [];
  const parents = tags.map((tag, i) => {
    const gap = text.slice(tags[i - 1]?.end ?? 0, tag.start);
    if (gap.trim() !== "") mixed.add(open.at(-1) ?? -1);
    if (text.startsWith("<![CDATA[", tag.start)) mixed.add(open.at(-1) ?? -1);
    const parent = tag.kind === "close" ? (open.pop() ?? -1) : (open.at(-1) ?? -1);
    if (tag.kind === "open") open.push(i);
    return { parent, depth: open.length - (tag.kind === "open" ? 1 : 0) };
  });
  const eol = text.includes("\r\n") ? "\r\n" : "\n";
  return spliced(
    text,
    tags.flatMap((tag, i) => {
      const { parent, depth } = parents[i] as { parent: number; depth: number };
      const empty = tag.kind === "close" && tags[i - 1]?.kind === "open";
      if (i === 0 || empty || mixed.has(parent)) return [];
      return [{ from: tags[i - 1]?.end ?? 0, to: tag.start, text: eol + unit.repeat(depth) }];
    }),
  );
}
