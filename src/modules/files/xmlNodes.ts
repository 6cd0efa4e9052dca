import { z } from "zod";
import { Secret } from "../../kernel/value.ts";
import { type Scalar, scalarArgument, scalarText } from "../parts/scalar.ts";
import { childrenOf, type XmlElement } from "../parts/xml-text.ts";

/** An element that shall be there. */
export interface XmlNode {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly text: string;
  readonly children: readonly XmlNode[];
}

export const xmlName = /^[A-Za-z_][\w.-]*(:[A-Za-z_][\w.-]*)?$/;

/** As Ansible writes children: a name, a name with its text, or a name with its attributes and, as `_`, its children. */
export const childArgument: z.ZodType<Child> = z.lazy(() =>
  z.union(
    [
      z.string().regex(xmlName, "an element is named with letters, digits, ., - and _"),
      z
        .record(
          z.string().regex(xmlName, "an element is named with letters, digits, ., - and _"),
          z.union([scalarArgument, z.null(), z.record(z.string(), z.union([scalarArgument, z.array(childArgument)]))]),
        )
        .refine((map) => Object.keys(map).length === 1, "a child is a map of one name: write - before each child"),
    ],
    "a child is a name, { name: text }, or { name: { attribute: value, _: [children] } }",
  ),
);

export type Child = string | { readonly [name: string]: Scalar | null | { readonly [attribute: string]: Scalar | readonly Child[] } };

export function nodeOf(child: Child): XmlNode {
  if (typeof child === "string") return { name: child, attributes: {}, text: "", children: [] };
  const [name, value] = Object.entries(child)[0] ?? ["", null];
  if (value === null) return { name, attributes: {}, text: "", children: [] };
  if (typeof value !== "object" || value instanceof Secret) return { name, attributes: {}, text: scalarText(value), children: [] };
  const { _: below, ...attributes } = value;
  return {
    name,
    attributes: Object.fromEntries(Object.entries(attributes).map(([key, v]) => [key, scalarText(v as Scalar)])),
    text: "",
    children: Array.isArray(below) ? (below as readonly Child[]).map(nodeOf) : [],
  };
}

/** Whether the element is that node: name, attributes, and text or children. Blanks between children are no difference. */
export function isNode(element: XmlElement, node: XmlNode): boolean {
  if (element.nodeName !== node.name) return false;
  const names = Object.keys(node.attributes);
  if (element.attributes.length !== names.length || names.some((n) => element.getAttribute(n) !== node.attributes[n])) return false;
  const children = childrenOf(element);
  if (children.length !== node.children.length) return false;
  return children.length === 0 ? element.textContent === node.text : children.every((c, i) => isNode(c, node.children[i] as XmlNode));
}

/** The text of the element; `before` is what stands before each of its lines, undefined for one line. */
export function written(node: XmlNode, before: string | undefined, unit: string): string {
  const attributes = Object.entries(node.attributes).map(([name, value]) => ` ${name}="${inAttribute(value)}"`);
  const start = `<${node.name}${attributes.join("")}`;
  if (node.children.length === 0) return node.text === "" ? `${start} />` : `${start}>${inText(node.text)}</${node.name}>`;
  const below = before === undefined ? undefined : before + unit;
  const lines = node.children.map((c) => (below ?? "") + written(c, below, unit)).join("");
  return `${start}>${lines}${before ?? ""}</${node.name}>`;
}

export function inText(value: string): string {
  return value.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll("\r", "&#13;");
}

export function inAttribute(value: string): string {
  return inText(value).replaceAll('"', "&quot;").replaceAll("\n", "&#10;").replaceAll("\t", "&#9;");
}
