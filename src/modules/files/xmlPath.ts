import { type Refusal, refusal } from "../../kernel/module.ts";
import { type XmlElement, XmlText } from "../parts/xml-text.ts";
import { withAttribute, withMoreChildren } from "./xmlEdits.ts";
import type { XmlNode } from "./xmlNodes.ts";

/** A step of an xpath that can be made: `a`, `a[@b='c']`, `a[b='c']`. */
const step = /^([\w.-]+(?::[\w.-]+)?)(?:\[\s*(@?)([\w.-]+(?::[\w.-]+)?)\s*=\s*(?:'([^']*)'|"([^"]*)")\s*\])?$/;

/** The text in which the xpath selects something: what it names is made, level by level. */
export function withPath(xml: XmlText, xpath: string, namespaces: Readonly<Record<string, string>>): XmlText | Refusal {
  const found = xml.select(xpath, namespaces);
  if ("refused" in found) return found;
  if (found.elements.length + found.attributes.length > 0) return xml;
  const cut = lastSlash(xpath);
  const last = cut < 1 ? undefined : xpath.slice(cut + 1);
  if (last === undefined || xpath[cut - 1] === "/") return cannot(xpath);
  const above = withPath(xml, xpath.slice(0, cut), namespaces);
  if ("refused" in above) return above;
  const parents = above.select(xpath.slice(0, cut), namespaces);
  if ("refused" in parents) return parents;
  if (/^@[\w.:-]+$/.test(last)) return XmlText.of(withAttribute(above, parents.elements, last.slice(1), ""));
  const node = nodeOf(last);
  const [parent] = parents.elements;
  if (node && parent) return XmlText.of(withMoreChildren(above, parents.elements, [inNamespace(node, parent, namespaces)]));
  return cannot(xpath);
}

function nodeOf(text: string): XmlNode | undefined {
  const found = step.exec(text);
  if (!found?.[1]) return undefined;
  const [, name, at, key, single, double] = found;
  const value = single ?? double ?? "";
  const attributes = at === "@" && key !== undefined ? { [key]: value } : {};
  const children = at === "" && key !== undefined ? [{ name: key, attributes: {}, text: value, children: [] }] : [];
  return { name, attributes, text: "", children };
}

/** What is of the default namespace of its parent is written without a prefix there, whatever the xpath calls it. */
function inNamespace(node: XmlNode, parent: XmlElement, namespaces: Readonly<Record<string, string>>): XmlNode {
  const [prefix, local] = node.name.split(":");
  const children = node.children.map((child) => inNamespace(child, parent, namespaces));
  const isDefault = local !== undefined && parent.lookupNamespaceURI("") === namespaces[prefix ?? ""];
  return { ...node, children, name: isDefault ? local : node.name };
}

/** The last slash that stands in no brackets and no quotes; -1 for none. */
function lastSlash(xpath: string): number {
  const bare = xpath.replace(/'[^']*'|"[^"]*"/g, (text) => "_".repeat(text.length));
  let depth = 0;
  for (let i = bare.length - 1; i >= 0; i--) {
    if (bare[i] === "]") depth++;
    if (bare[i] === "[") depth--;
    if (bare[i] === "/" && depth === 0) return i;
  }
  return -1;
}

function cannot(xpath: string): Refusal {
  return refusal(
    `nothing is at ${xpath}, and it cannot be made from that: only names from the root, as in /a/b, /a/b[@c='d'], /a/b[c='d'] and /a/@b`,
  );
}
