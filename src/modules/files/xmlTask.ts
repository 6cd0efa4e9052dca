import { type Refusal, refusal } from "../../kernel/module.ts";
import { type Scalar, scalarText } from "../parts/scalar.ts";
import { type XmlElement, XmlText } from "../parts/xml-text.ts";
import { prettyPrinted, unitOf, withAttribute, withChildren, withMoreChildren, without, withText } from "./xmlEdits.ts";
import { type Child, nodeOf } from "./xmlNodes.ts";
import { withPath } from "./xmlPath.ts";

/** What shall be at an xpath. */
export interface XmlTask {
  readonly xpath?: string | undefined;
  readonly namespaces: Readonly<Record<string, string>>;
  readonly attribute?: string | undefined;
  readonly value?: Scalar | undefined;
  readonly set_children?: readonly Child[] | undefined;
  readonly add_children?: readonly Child[] | undefined;
  readonly state?: "present" | "absent" | undefined;
  readonly pretty_print?: boolean | undefined;
}

/** The text as the task wants it. */
export function edited(text: string, task: XmlTask): string | Refusal {
  const read = XmlText.of(text);
  if ("refused" in read) return read;
  const done = task.xpath === undefined ? text : task.state === "absent" ? removed(read, task.xpath, task) : held(read, task.xpath, task);
  if (typeof done === "object") return done;
  // Held to be XML still: an edit that breaks the file is a mistake of this program, and must not reach the host.
  const again = XmlText.of(done);
  if ("refused" in again) return refusal(`the edit would not leave XML: ${again.refused}`);
  return task.pretty_print === true ? prettyPrinted(done, unitOf(again)) : done;
}

function removed(xml: XmlText, xpath: string, { namespaces, attribute }: XmlTask): string | Refusal {
  const found = xml.select(xpath, namespaces);
  if ("refused" in found) return found;
  if (attribute !== undefined)
    return without(xml, { elements: [], attributes: found.elements.map((element) => ({ element, name: attribute })) });
  if (found.elements.some((e) => e === xml.document.documentElement))
    return refusal("the root element cannot be taken out: remove the file");
  return without(xml, found);
}

function held(read: XmlText, xpath: string, task: XmlTask): string | Refusal {
  const xml = withPath(read, xpath, task.namespaces);
  if ("refused" in xml) return xml;
  const found = xml.select(xpath, task.namespaces);
  if ("refused" in found) return found;
  const { elements, attributes } = found;
  if (attributes.length > 0 && (task.attribute !== undefined || task.set_children || task.add_children))
    return refusal(`the xpath ${xpath} selects attributes: name the element`);
  if (task.set_children) return withChildren(xml, elements, task.set_children.map(nodeOf));
  if (task.add_children) return withMoreChildren(xml, elements, task.add_children.map(nodeOf));
  if (task.value === undefined) return xml.text;
  const value = scalarText(task.value);
  if (task.attribute !== undefined) return withAttribute(xml, elements, task.attribute, value);
  const [first] = attributes;
  if (first) return attributes.length === 1 ? withAttribute(xml, [first.element], first.name, value) : named(xml, attributes, value);
  const filled = elements.find((e) => e.getElementsByTagName("*").length > 0);
  if (filled) return refusal(`<${filled.nodeName}> has elements in it: value sets the text of one that has none; see set_children`);
  return withText(xml, elements, value);
}

/** The same attribute of several elements; an xpath that selects attributes of several names is not clear enough. */
function named(xml: XmlText, attributes: readonly { element: XmlElement; name: string }[], value: string): string | Refusal {
  const names = new Set(attributes.map((a) => a.name));
  const [name, other] = [...names];
  if (name === undefined || other !== undefined)
    return refusal(`the xpath selects several attributes (${[...names].join(", ")}): name one`);
  return withAttribute(
    xml,
    attributes.map((a) => a.element),
    name,
    value,
  );
}
