import { z } from "zod";
import { contentOf } from "../../facts/path.ts";
import { defineModule, refusal } from "../../kernel/module.ts";
import { holdsSecret } from "../../kernel/value.ts";
import { editedFile } from "../parts/edited-file.ts";
import { oneFileFields, pathOf, pathProblem } from "../parts/one-file.ts";
import { pathResult, pathResultOf } from "../parts/path-result.ts";
import { scalarArgument, scalarText } from "../parts/scalar.ts";
import { fileQuestions } from "../parts/whole-file.ts";
import { type XmlElement, XmlText, xpathProblem } from "../parts/xml-text.ts";
import { childArgument, xmlName } from "./xmlNodes.ts";
import { edited } from "./xmlTask.ts";

/** Characters that XML 1.0 cannot hold. */
const unwritable = /[^\t\n\r\x20-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]/u;

const args = z
  .strictObject({
    ...oneFileFields,
    xpath: z
      .string()
      .superRefine((text, context) => {
        const problem = xpathProblem(text);
        if (problem !== undefined) context.addIssue({ code: "custom", message: problem });
      })
      .optional()
      .describe("XPath 1.0 to elements or attributes: `/NetworkConfiguration/KnownProxies`."),
    namespaces: z
      .record(z.string(), z.string())
      .optional()
      .describe("Namespaces by the prefixes that the xpath uses; an element in a default namespace needs one too."),
    value: scalarArgument.optional().describe("Text of the elements, or value of the attribute. true and false are written like that."),
    attribute: z
      .string()
      .regex(xmlName, "the name of an attribute is wanted")
      .optional()
      .describe("Attribute of the elements that the value is for."),
    state: z
      .enum(["present", "absent"])
      .optional()
      .describe("present (the default): what the xpath names is made when it is not there. absent: all that it selects goes."),
    set_children: z
      .array(childArgument)
      .optional()
      .describe("All children of the elements: `- string: 192.0.2.1`, a name alone, or a name with attributes and, as `_`, its children."),
    add_children: z.array(childArgument).optional().describe("Children that the elements shall have too, written as for set_children."),
    count: z.boolean().optional().describe("Only count what the xpath selects. Default false."),
    content: z.enum(["attribute", "text"]).optional().describe("Only read: the attributes or the texts of what the xpath selects."),
    pretty_print: z.boolean().optional().describe("Put each element on a line of its own, indented. Default false."),
    input_type: z.literal("yaml", { error: "children are written as YAML here, not as XML texts" }).optional().describe("Only yaml."),
  })
  .superRefine((a, context) => {
    const problem = pathProblem(a) ?? xmlProblem(a);
    if (problem !== undefined) context.addIssue({ code: "custom", message: problem });
  });

type Arguments = Pick<
  z.output<typeof args>,
  "xpath" | "value" | "attribute" | "state" | "set_children" | "add_children" | "count" | "content" | "pretty_print"
>;

function xmlProblem(a: Arguments): string | undefined {
  const ways = (["value", "set_children", "add_children", "content"] as const).filter((name) => a[name] !== undefined);
  const all = [...ways, ...(a.count === true ? ["count"] : [])];
  if (all.length > 1) return `give one of ${all.join(", ")}`;
  if (a.xpath === undefined) return all.length > 0 || a.pretty_print !== true ? "needs the argument xpath" : undefined;
  if (a.state === "absent" && all.length > 0) return `state: absent has no ${all.join()}`;
  if (a.attribute !== undefined && a.value === undefined && a.state !== "absent") return "attribute needs value, or state: absent";
  if (a.value !== undefined && unwritable.test(scalarText(a.value))) return "the value holds a character that XML cannot hold";
  return undefined;
}

function asks(a: Arguments): boolean {
  return a.count === true || a.content !== undefined;
}

/** What the xpath selects in the text, as Ansible tells it. */
function readOut(text: string, a: z.output<typeof args>): { readonly count: number; readonly matches: Record<string, unknown>[] } {
  const xml = text === "" ? undefined : XmlText.of(text);
  const found = !xml || "refused" in xml || a.xpath === undefined ? undefined : xml.select(a.xpath, a.namespaces ?? {});
  if (!found || "refused" in found) return { count: 0, matches: [] };
  const { elements, attributes } = found;
  const tell = (e: XmlElement): Record<string, unknown> => ({
    [e.nodeName]: a.content === "text" ? (e.textContent ?? "") : Object.fromEntries([...e.attributes].map((at) => [at.name, at.value])),
  });
  const told = [...elements.map(tell), ...attributes.map(({ element, name }) => ({ [name]: element.getAttribute(name) ?? "" }))];
  return { count: elements.length + attributes.length, matches: a.content === undefined ? [] : told };
}

/** Holds elements, texts and attributes in an XML file. */
export const xml = defineModule({
  name: "xml",
  aliases: ["community.general.xml"],
  kind: "state",
  kindOf: (a) => (asks(a) ? "question" : "state"),
  undoable: true,
  summary: "Hold elements, texts and attributes in an XML file, or read them.",
  notes: [
    "Every byte that an edit does not touch stays as it is: quotes, order, comments, blanks and line ends.",
    "add_children adds what is not there yet, so that a second run changes nothing (Ansible adds it in every run).",
    "A file with a document type (<!DOCTYPE) is refused: no entities and no other files are read.",
    "With count or content nothing is changed: the result has `count` and `matches`, as in Ansible.",
    "A symbolic link is not followed. Files up to 1 MiB of UTF-8 text; the file must be there.",
  ],
  args,
  result: pathResult.extend({
    count: z.number().describe("How many elements and attributes the xpath selects now."),
    matches: z.array(z.record(z.string(), z.unknown())).describe("With content: one map for each, of its name to its text or attributes."),
  }),
  examples: [
    {
      title: "Whose forwarded headers Jellyfin believes",
      yaml: "xml: { path: /srv/jellyfin/config/config/network.xml, xpath: /NetworkConfiguration/KnownProxies, set_children: [{ string: 172.30.0.0/24 }] }",
    },
    {
      title: "A text",
      yaml: "xml: { path: /srv/jellyfin/config/config/system.xml, xpath: /ServerConfiguration/EnableMetrics, value: false }",
    },
    {
      title: "Read one",
      yaml: "xml: { path: /srv/jellyfin/config/config/system.xml, xpath: /ServerConfiguration/ServerName, content: text }",
    },
  ],
  facts: (a) => fileQuestions({ ...a, path: pathOf(a), content: undefined }),
  plan(a, facts) {
    const at = pathOf(a);
    const { type, content } = facts.file.value;
    if (asks(a)) {
      if (type !== "file" || content === undefined)
        return refusal(type === "absent" ? `${at} is not there` : `${at} is no text file that can be read here`);
      const read = XmlText.of(content);
      const found = "refused" in read ? read : read.select(a.xpath ?? "/", a.namespaces ?? {});
      return "refused" in found ? refusal(`${at}: ${found.refused}`) : [];
    }
    if (type === "absent" && a.state !== "absent") return refusal(`${at} is not there: make it with copy or template before this task`);
    const secret = [a.value, a.set_children, a.add_children].some(holdsSecret);
    return editedFile({ ...a, path: at, removes: a.state === "absent", secret }, facts, (text) => {
      const done = edited(text, { ...a, namespaces: a.namespaces ?? {} });
      return typeof done === "object" ? refusal(`${at}: ${done.refused}`) : done;
    });
  },
  resultOf: (a, { after }) => ({
    ...pathResultOf(pathOf(a), after.file),
    ...readOut(contentOf(after.file.value)?.toString() ?? "", a),
  }),
});
