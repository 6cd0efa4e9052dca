import { nearest, refuse } from "../../kernel/diagnostic.ts";
import type { Placed } from "../position.ts";
import { helperByName } from "./allHelpers.ts";
import type { Expression, Part, Path, Stretch, Template } from "./ast.ts";
import { explainFailure } from "./failure.ts";
import { refuseForeign, refuseJinjaTags } from "./foreign.ts";
import { type Helper, signature } from "./helper.ts";
import { parse } from "./library.ts";
import { mustaches } from "./mustaches.ts";
import { refuseDeepNesting } from "./nesting.ts";

type Mustache = hbs.AST.MustacheStatement;
type Block = hbs.AST.BlockStatement & { readonly inverse?: hbs.AST.Program };
type Call = Pick<Mustache, "path" | "params" | "hash">;

const blocks = ["if", "unless", "each", "with"];

/** Parses and checks a text with `{{ }}`. Throws Refused. */
export function parseTemplate(placed: Placed): Template {
  refuseJinjaTags(placed);
  const { text } = placed;
  if (!text.includes("{{")) return { placed, parts: [{ kind: "text", text }] };
  const found = mustaches(text);
  for (const mustache of found) refuseForeign(mustache, placed);
  if (found.some((m) => !m.closed)) explainFailure(placed, found);
  refuseDeepNesting(found, placed);
  let program: hbs.AST.Program;
  try {
    program = parse(text);
  } catch {
    return explainFailure(placed, found);
  }
  return new Checker(placed).template(program);
}

/** Turns Handlebars' tree into ours and refuses what is not part of the language. */
class Checker {
  readonly #placed: Placed;
  readonly #lineStarts: number[];

  constructor(placed: Placed) {
    this.#placed = placed;
    this.#lineStarts = [0];
    for (const m of placed.text.matchAll(/\r\n?|\n/g)) this.#lineStarts.push(m.index + m[0].length);
  }

  template(program: hbs.AST.Program): Template {
    const parts = this.#parts(program);
    const only = parts.length === 1 && parts[0]?.kind === "value" ? parts[0].of : undefined;
    return { placed: this.#placed, parts, ...(only && { only }) };
  }

  #parts(program: hbs.AST.Program | undefined): Part[] {
    return (program?.body ?? []).flatMap((statement) => this.#part(statement));
  }

  #part(statement: hbs.AST.Statement): Part[] {
    switch (statement.type) {
      case "ContentStatement": {
        const text = (statement as hbs.AST.ContentStatement).value;
        return text === "" ? [] : [{ kind: "text", text }];
      }
      case "CommentStatement":
        return [];
      case "MustacheStatement":
        return [{ kind: "value", of: this.#mustache(statement as Mustache) }];
      case "BlockStatement":
        return [this.#block(statement as Block)];
      case "PartialStatement":
      case "PartialBlockStatement":
        return this.#refuse(
          statement,
          "partials ({{> name}}) are not part of the language",
          "use a template task of its own, or put the text into a variable",
        );
      default:
        return this.#refuse(statement, "decorators ({{* name}}) are not part of the language", "remove it");
    }
  }

  #block(block: Block): Part {
    const { start } = this.#stretch(block);
    const name = block.path.original;
    if (this.#placed.text.startsWith("{{{{", start))
      this.#refuse(block, "raw blocks ({{{{ }}}}) are not part of the language", "write \\{{ for braces that stay");
    if (!blocks.includes(name)) {
      const near = nearest(name, blocks);
      this.#refuse(
        block.path,
        `"${name}" is not a block`,
        near ? `did you mean {{#${near}}}?` : `the blocks are ${blocks.map((b) => `{{#${b}}}`).join(", ")}`,
      );
    }
    const [value, ...more] = block.params;
    if (!value || more.length > 0 || block.hash) {
      this.#refuse(
        more[0] ?? block.hash ?? block.path,
        `{{#${name}}} takes one value`,
        `put a helper in round brackets: {{#${name} (eq a b)}}`,
      );
    }
    const of = this.#expression(value as hbs.AST.Expression);
    const body = this.#parts(block.program);
    const otherwise = this.#parts(block.inverse);
    const names = block.program?.blockParams ?? [];
    if (name === "each") return { kind: "each", over: of, names, body, otherwise };
    if (name === "with") return { kind: "with", value: of, names, body, otherwise };
    return { kind: "if", test: of, negated: name === "unless", body, otherwise };
  }

  #mustache(mustache: Mustache): Expression {
    return mustache.params.length > 0 || mustache.hash ? this.#call(mustache) : this.#expression(mustache.path);
  }

  #expression(node: hbs.AST.Expression): Expression {
    switch (node.type) {
      case "PathExpression":
        return this.#path(node as hbs.AST.PathExpression);
      case "SubExpression":
        return this.#call(node as hbs.AST.SubExpression);
      case "StringLiteral":
        return { kind: "literal", value: unescaped((node as hbs.AST.StringLiteral).value), ...this.#stretch(node) };
      case "NumberLiteral":
        return { kind: "literal", value: (node as hbs.AST.NumberLiteral).value, ...this.#stretch(node) };
      case "BooleanLiteral":
        return { kind: "literal", value: (node as hbs.AST.BooleanLiteral).value, ...this.#stretch(node) };
      case "NullLiteral":
        return { kind: "literal", value: null, ...this.#stretch(node) };
      default:
        return this.#refuse(node, "undefined is not a value here", 'write null, or ask (defined "name")');
    }
  }

  #call(call: Call): Expression {
    const { path, params } = call;
    const name = path.type === "PathExpression" ? (path as hbs.AST.PathExpression).original : "";
    const helper = helperByName.get(name);
    if (!helper) return this.#unknownHelper(call, name);
    if (call.hash) this.#refuse(call.hash, `${name} takes no arguments by name`, `write ${signature(helper)}`);
    this.#checkCount(helper, params, path);
    return { kind: "call", helper, args: params.map((p) => this.#expression(p)), ...this.#stretch(path) };
  }

  #checkCount(helper: Helper, params: readonly hbs.AST.Expression[], path: hbs.AST.Node): void {
    const least = helper.args.filter((a) => !a.optional && !a.rest).length;
    const most = helper.args.some((a) => a.rest) ? Number.POSITIVE_INFINITY : helper.args.length;
    const extra = params[most];
    if (extra) this.#refuse(extra, `${helper.name} takes no argument more than this`, `write ${signature(helper)}`);
    if (params.length < least)
      this.#refuse(path, `${helper.name} needs ${least === 1 ? "an argument" : `${least} arguments`}`, `write ${signature(helper)}`);
  }

  #unknownHelper({ path, params }: Call, name: string): never {
    if (name === "") this.#refuse(path, "only a helper takes arguments", "write the helper first, then its arguments");
    if (blocks.includes(name)) this.#refuse(path, `"${name}" is a block`, `write {{#${name} ...}} ... {{/${name}}}`);
    const near = nearest(name, helperByName.keys());
    const second = params[0] ? this.#text(params[0]) : "";
    const help = near
      ? `did you mean "${near}"?`
      : `a variable stands alone: {{ ${name} }}${helperByName.has(second) ? `; a helper comes first: {{ ${second} ${name} }}` : ""}`;
    this.#refuse(path, `"${name}" is not a helper`, help);
  }

  #path(node: hbs.AST.PathExpression): Path {
    const stretch = this.#stretch(node);
    const text = this.#text(node);
    const parts = segments(text, stretch.start).slice(-node.parts.length || Number.POSITIVE_INFINITY);
    const named = node.parts.map((name, i) => ({ name, start: parts[i]?.start ?? stretch.start, end: parts[i]?.end ?? stretch.end }));
    if (node.data && !["index", "key", "first", "last", "root"].includes(node.parts[0] ?? "")) {
      this.#refuse(node, `"${text}" is not known`, "inside of {{#each}} there are @index, @key, @first and @last");
    }
    const from = node.data ? "data" : node.parts.length === 0 || /^(\.\/|this\b)/.test(text) ? "this" : "name";
    return { kind: "path", from, up: node.depth, parts: named, text, ...stretch };
  }

  #text(node: hbs.AST.Node): string {
    const { start, end } = this.#stretch(node);
    return this.#placed.text.slice(start, end);
  }

  #stretch(node: hbs.AST.Node): Stretch {
    const { start, end } = node.loc;
    return { start: (this.#lineStarts[start.line - 1] ?? 0) + start.column, end: (this.#lineStarts[end.line - 1] ?? 0) + end.column };
  }

  #refuse(node: hbs.AST.Node, message: string, help: string): never {
    const { start, end } = this.#stretch(node);
    refuse(message, this.#placed.span(start, end), help);
  }
}

/** The places of `a`, `b` and `key with space` in `../a.b.[key with space]`. */
function segments(text: string, from: number): { start: number; end: number }[] {
  return [...text.matchAll(/\[([^\]]*)\]|[^./@[\]]+/g)].map((m) => {
    const inset = m[1] === undefined ? 0 : 1;
    return { start: from + m.index + inset, end: from + m.index + m[0].length - inset };
  });
}

/** Handlebars knows `\"` only; a line break and a tab are wanted often enough. */
function unescaped(text: string): string {
  return text.replace(/(?<!\\)\\([nt])/g, (_, c: string) => (c === "n" ? "\n" : "\t"));
}
