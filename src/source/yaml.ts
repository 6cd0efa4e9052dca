import { type Document, isMap, isScalar, type ParsedNode, parseDocument, visit } from "yaml";
import { type Diagnostic, Refused } from "../kernel/diagnostic.ts";
import type { SourceFile } from "../kernel/span.ts";
import { unquotedBraces } from "./braces.ts";
import { Converter } from "./convert.ts";
import type { Parsed } from "./parsed.ts";
import { parserSays } from "./wording.ts";

/** Reads one YAML 1.2 document with the core schema. An empty document has no node and no diagnostics. */
export function parseYaml(source: SourceFile): Parsed {
  try {
    const document = parseDocument(source.text, {
      version: "1.2",
      schema: "core",
      prettyErrors: false,
      uniqueKeys: false,
      merge: false,
      logLevel: "error",
    });
    const braces = findBraces(document, source);
    if (braces.length > 0) return { diagnostics: braces };
    const wrong = syntaxErrors(document, source);
    if (wrong.length > 0) return { diagnostics: wrong };
    const contents = document.contents;
    if (contents === null || isEmpty(contents)) return { diagnostics: [] };
    return new Converter(source).convert(contents);
  } catch (error) {
    if (error instanceof Refused) return { diagnostics: [...error.diagnostics] };
    if (error instanceof RangeError) return { diagnostics: [parserSays("RESOURCE_EXHAUSTION", "", { source, start: 0, end: 0 })] };
    throw error;
  }
}

/** Only the first: what follows a syntax error is mostly its echo. Unknown tags are told by the converter, which knows ours. */
function syntaxErrors(document: Document.Parsed, source: SourceFile): Diagnostic[] {
  const [first] = [...document.errors, ...document.warnings.filter((w) => w.code !== "TAG_RESOLVE_FAILED")];
  if (first?.code === "MISSING_CHAR" && first.message.endsWith("quote")) return [unclosed(document, source, first.pos[0])];
  if (first) return [parserSays(first.code, first.message, { source, start: first.pos[0], end: Math.max(first.pos[1], first.pos[0] + 1) })];
  const version = document.directives.yaml;
  if (version.explicit && version.version !== "1.2") {
    return [
      { ...parserSays("BAD_DIRECTIVE", "", { source, start: 0, end: 1 }), message: `YAML ${version.version} is not read here, only 1.2` },
    ];
  }
  return [];
}

/** The parser tells where the text ended; the opening quote is what a person looks for. */
function unclosed(document: Document.Parsed, source: SourceFile, end: number): Diagnostic {
  let start = Math.max(0, end - 1);
  visit(document, {
    Scalar(_, node) {
      if (node.type?.startsWith("QUOTE") && node.range && node.range[0] < end && node.range[1] >= end) start = node.range[0];
    },
  });
  return {
    severity: "error",
    message: "this quote is not closed",
    at: { source, start, end: start + 1 },
    help: 'close it where the text ends; in double quotes write \\" for a quote',
  };
}

function findBraces(document: Document.Parsed, source: SourceFile): Diagnostic[] {
  const found: Diagnostic[] = [];
  visit(document, {
    Map(key, node, path) {
      const start = node.range?.[0] ?? 0;
      if (!node.flow || !source.text.startsWith("{{", start)) return undefined;
      const inFlow = path.some((p) => "flow" in p && p.flow === true);
      if (key !== "key" && node.items.some((pair) => isMap(pair.key))) {
        found.push(unquotedBraces(source, start, inFlow));
        return visit.SKIP;
      }
      return undefined;
    },
  });
  return found;
}

/** A file of comments, or a lone `---`. */
function isEmpty(contents: ParsedNode): boolean {
  return (
    isScalar(contents) && contents.value === null && contents.source === "" && contents.tag === undefined && contents.anchor === undefined
  );
}
