import type { Scalar } from "yaml";
import type { Diagnostic } from "../kernel/diagnostic.ts";
import type { ScalarNode } from "../kernel/node.ts";
import type { SourceFile, Span } from "../kernel/span.ts";
import { quoted } from "./braces.ts";
import { unknownTag } from "./wording.ts";

const tags = ["!raw", "!cel"] as const;

/** One scalar with its source text, and what is wrong with it. */
export function readScalar(from: Scalar.Parsed, source: SourceFile): { node: ScalarNode; wrong?: Diagnostic } {
  const at: Span = { source, start: from.range[0], end: from.range[1] };
  const isQuoted = from.type !== "PLAIN";
  const text = from.source ?? "";
  const tag = tags.find((t) => t === from.tag);
  const value = tag ? text : plainValue(from.value, text, isQuoted);
  const node: ScalarNode = { kind: "scalar", value, text, quoted: isQuoted, ...(tag && { tag }), at };
  const wrong = (!tag && from.tag && refusedTag(from.tag, at, text)) || (!isQuoted && !tag && octal(text, at));
  return wrong ? { node, wrong } : { node };
}

/** The diagnostic for a tag that is not one of ours. `text` is the tagged scalar. */
export function refusedTag(tag: string, at: Span, text: string | undefined): Diagnostic | undefined {
  if (tags.some((t) => t === tag)) return undefined;
  const short = tag.replace(/^tag:yaml\.org,2002:/, "!!");
  const start = at.source.text.lastIndexOf(short, at.start);
  const span = start >= 0 ? { source: at.source, start, end: start + short.length } : at;
  const shown = at.source.secret || text === undefined ? undefined : quoted(text === "" ? short : `${short} ${text}`);
  return unknownTag(short, span, shown);
}

/** A number that would lose a digit stays text: `0644`, and more digits than a number holds. */
function plainValue(value: unknown, text: string, isQuoted: boolean): ScalarNode["value"] {
  if (typeof value === "number" && !isQuoted) {
    if (/^[-+]?0\d+$/.test(text)) return text;
    if (Number.isInteger(value) && !Number.isSafeInteger(value)) return text;
    return value;
  }
  if (value === null || typeof value === "string" || typeof value === "boolean" || typeof value === "number") return value;
  return text;
}

function octal(text: string, at: Span): Diagnostic | undefined {
  if (!/^0o[0-7]+$/.test(text)) return undefined;
  const digits = text.slice(2).padStart(4, "0");
  return {
    severity: "error",
    message: "octal numbers with 0o are not read here",
    at,
    ...(!at.source.secret && { help: `for a mode write ${digits}; for a number write it in decimal: ${Number(text)}` }),
  };
}
