import { createRequire } from "node:module";
import type * as Xmldom from "@xmldom/xmldom";
import { type Refusal, refusal } from "../../kernel/module.ts";
import { type Span, spansOf } from "./xml-spans.ts";

/** The part of the package xpath that is used; its own types would bring those of a browser into the whole program. */
interface XPath {
  readonly parse: (expression: string) => unknown;
  readonly useNamespaces: (namespaces: Readonly<Record<string, string>>) => (expression: string, node: unknown) => unknown;
}

const require = createRequire(import.meta.url);
/** Loaded with the first XML file. */
let libraries: { readonly dom: typeof Xmldom; readonly xpath: XPath } | undefined;
function library(): NonNullable<typeof libraries> {
  libraries ??= {
    dom: require("@xmldom/xmldom") as typeof Xmldom,
    xpath: require("xpath") as XPath,
  };
  return libraries;
}

export type XmlElement = Xmldom.Element;

/** What an xpath selects: elements, and attributes by the element that has them. */
export interface Selected {
  readonly elements: readonly XmlElement[];
  readonly attributes: readonly { readonly element: XmlElement; readonly name: string }[];
}

/** Why this is no xpath, or undefined. */
export function xpathProblem(expression: string): string | undefined {
  try {
    library().xpath.parse(expression);
    return undefined;
  } catch (error) {
    return `"${expression}" is no XPath 1.0: ${error instanceof Error ? error.message : String(error)}`;
  }
}

/** An XML text with the places of its elements. It is read only: an edit makes another text. Without a document type, so without entities of its own. */
export class XmlText {
  readonly text: string;
  readonly document: Xmldom.Document;
  readonly #spans: ReadonlyMap<XmlElement, Span>;

  private constructor(text: string, document: Xmldom.Document, spans: ReadonlyMap<XmlElement, Span>) {
    this.text = text;
    this.document = document;
    this.#spans = spans;
  }

  static of(text: string): XmlText | Refusal {
    // What stands in comments and character data is no document type.
    const markup = text.replace(/<!--.*?-->|<!\[CDATA\[.*?\]\]>/gs, "");
    if (/<!DOCTYPE/i.test(markup))
      return refusal("it has a document type (<!DOCTYPE), which is not read: it can name entities and other files");
    const document = parsed(text.replace(/^\uFEFF/, ""));
    if (typeof document === "string") return refusal(`it is no XML: ${document}`);
    const elements = [...document.getElementsByTagName("*")];
    const spans = spansOf(text);
    if (elements.length !== spans.length) return refusal("it is no plain XML: its tags cannot be told apart");
    return new XmlText(text, document, new Map(elements.map((element, i) => [element, spans[i] as Span])));
  }

  span(element: XmlElement): Span {
    const span = this.#spans.get(element);
    if (!span) throw new Error("an element of another document");
    return span;
  }

  select(xpath: string, namespaces: Readonly<Record<string, string>>): Selected | Refusal {
    let found: unknown;
    try {
      found = library().xpath.useNamespaces(namespaces)(xpath, this.document);
    } catch (error) {
      return refusal(`the xpath ${xpath}: ${error instanceof Error ? error.message : String(error)}`);
    }
    if (!Array.isArray(found)) return refusal(`the xpath ${xpath} is a ${typeof found}: select elements or attributes`);
    const nodes: readonly Xmldom.Node[] = found;
    const elements = nodes.filter((n): n is XmlElement => n.nodeType === 1);
    const attributes = nodes.flatMap((n) => {
      const element = n.nodeType === 2 ? (n as Xmldom.Attr).ownerElement : null;
      return element ? [{ element, name: n.nodeName }] : [];
    });
    if (elements.length + attributes.length < nodes.length)
      return refusal(`the xpath ${xpath} selects text or comments: select the elements that hold them`);
    return { elements, attributes };
  }
}

/** The document, or why there is none. Whatever the parser would only warn of is an error. */
function parsed(text: string): Xmldom.Document | string {
  const { DOMParser, onWarningStopParsing } = library().dom;
  try {
    const document = new DOMParser({ onError: onWarningStopParsing }).parseFromString(text, "text/xml");
    return document.documentElement ? document : "it has no element";
  } catch (error) {
    const { message = "", locator } = error as { message?: string; locator?: { lineNumber?: number; columnNumber?: number } };
    return `${locator?.lineNumber === undefined ? "" : `${locator.lineNumber}:${locator.columnNumber ?? 1}: `}${/^Reporting \w+ "(.*)" caused/s.exec(message)?.[1] ?? message}`;
  }
}

/** The elements directly in it. */
export function childrenOf(element: XmlElement): readonly XmlElement[] {
  return [...element.childNodes].filter((n): n is XmlElement => n.nodeType === 1);
}
