import type { Answer } from "./answer.ts";
import { jinjaFilter, spaced } from "./jinjaFilters.ts";
import type { Mustache } from "./mustaches.ts";
import { pythonMethodHelp } from "./pythonMethods.ts";

/** One form: from the text with blanked string literals and the text as written. */
type Form = (body: string, inner: string) => Answer | undefined;

/** A form of Jinja or Python inside of `{{ }}`: the first that is found. */
export function jinjaForm({ blanked, inner }: Mustache): Answer | undefined {
  const body = blanked.replace(/\bas\s*\|[^|]*\|\s*$/, (m) => " ".repeat(m.length));
  for (const form of [ifNot, filter, test, ternary, tilde, method, call, brackets, operator, dash]) {
    const answer = form(body, inner);
    if (answer) return answer;
  }
  return undefined;
}

const ifNot: Form = (body, inner) => {
  const m = /^\s*#if\s+not\s+([\w.]+)\s*$/.exec(body);
  if (!m) return undefined;
  return {
    message: '"not" is not known inside of {{ }}',
    help: `write {{#unless ${inner.slice(inner.indexOf("not") + 3).trim()}}}`,
    at: body.indexOf("not"),
    length: 3,
  };
};

const filter: Form = (body, inner) => {
  const pipe = /(?<!\|)\|(?!\|)/.exec(body);
  if (!pipe) return undefined;
  return ternary(body, inner) ?? { ...jinjaFilter(inner.slice(0, pipe.index).trim(), inner.slice(pipe.index + 1).trim()), at: pipe.index };
};

const test: Form = (body) => {
  const m = /(\S+)\s+is\s+(not\s+)?(\w+)/.exec(body);
  if (!m) return undefined;
  const [whole, what = "", not, name = ""] = m;
  const variable = /^[\w.]+$/.test(what) ? what : "name";
  const where = { at: m.index, length: whole.length };
  if (name !== "defined" && name !== "undefined")
    return { message: `"is ${name}" is Jinja`, help: `write it as a condition, in CEL: ${variable}.${name}`, ...where };
  const negated = (not !== undefined) !== (name === "undefined");
  const help = `write {{#${negated ? "unless" : "if"} (defined "${variable}")}}; in a condition ${negated ? "!" : ""}defined("${variable}")`;
  return { message: `"is ${not ?? ""}${name}" is Jinja`, help, ...where };
};

const ternary: Form = (body, inner) => {
  const m = /^(\s*\S.*?)\s+if\s+(\S.*?)(?:\s+else\s+(\S.*?))?\s*$/ds.exec(body);
  if (!m?.indices || /^\s*(#|else\b)/.test(body)) return undefined;
  const written = (group: number): string => inner.slice(...(m.indices?.[group] ?? [0, 0])).trim();
  const text = (side: string): string => (/^(["']).*\1$/.test(side) ? side.slice(1, -1) : `{{ ${side} }}`);
  const otherwise = m[3] === undefined ? "" : `{{else}}${text(written(3))}`;
  return { message: '"a if b else c" is Jinja', help: `write {{#if ${written(2)}}}${text(written(1))}${otherwise}{{/if}}` };
};

const tilde: Form = (body, inner) => {
  const m = /\S\s*~\s*\S/.exec(body);
  if (!m) return undefined;
  const sides = inner.split("~").map((s) => s.trim());
  const help = `write the parts one after the other: ${sides.map((s) => (/^(["']).*\1$/.test(s) ? s.slice(1, -1) : `{{ ${s} }}`)).join("")}`;
  return { message: '"~" joins texts in Jinja', help, at: body.indexOf("~"), length: 1 };
};

const method: Form = (body, inner) => {
  const m = /([\w.[\]]+)\.(\w+)\(([^()]*)\)?/.exec(body);
  if (!m) return undefined;
  const written = inner.slice(m.index, m.index + m[0].length);
  const args = written.slice(written.indexOf("(") + 1).replace(/\)$/, "");
  return {
    message: `".${m[2] ?? ""}()" is a Python method`,
    help: pythonMethodHelp(m[1] ?? "", m[2] ?? "", args),
    at: m.index,
    length: m[0].length,
  };
};

const call: Form = (body, inner) => {
  const m = /\b([A-Za-z_]\w*)\(/.exec(body);
  if (!m) return undefined;
  const open = m.index + m[0].length;
  const close = inner.lastIndexOf(")");
  const args = spaced(inner.slice(open, close > open ? close : undefined));
  return {
    message: "a helper takes its arguments without brackets and commas",
    help: `write {{ ${m[1] ?? ""}${args && ` ${args}`} }}`,
    at: m.index,
    length: m[0].length - 1,
  };
};

const brackets: Form = (body, inner) => {
  const m = /[\w\]]\[/.exec(body) ?? /[A-Za-z_\]]\.(?=\d)/.exec(body);
  if (!m) return undefined;
  if (m[0].endsWith("."))
    return {
      message: "the number of an item stands in brackets",
      help: `write {{ ${inner.trim().replace(/(?<=[A-Za-z_\]]\.)(\d+)/g, "[$1]")} }}`,
      at: m.index + 2,
      length: 1,
    };
  const path = inner.trim().replace(/(?<=[\w\]])\[\s*(["']?)([^\]"']*)\1\s*\]/g, ".[$2]");
  return {
    message: "an item or field in brackets needs a point before the bracket",
    help: `write {{ ${path} }}`,
    at: m.index + 1,
    length: 1,
  };
};

const comparisons = new Map([
  ["==", "eq"],
  ["!=", "ne"],
  ["<", "lt"],
  ["<=", "lte"],
  [">", "gt"],
  [">=", "gte"],
  ["and", "and"],
  ["or", "or"],
  ["&&", "and"],
  ["||", "or"],
]);

const operator: Form = (body, inner) => {
  const m = /(\S+)\s+(==|!=|<=|>=|&&|\|\||\+|\*\*?|%|\/\/|<|>|\/|-|and|or|in|not)\s+(\S+)/d.exec(
    body.replace(/^\s*(#\w+\s|else\s+if\s)/, (s) => " ".repeat(s.length)),
  );
  if (!m?.indices) return undefined;
  const [, left = "", sign = "", right = ""] = m;
  if (/^(and|or|not|in)$/.test(left) || left.startsWith("(")) return undefined;
  const [at, to] = m.indices[2] ?? [0, 0];
  const ours = comparisons.get(sign);
  const written = (group: number): string => inner.slice(...(m.indices?.[group] ?? [0, 0]));
  const block = /^\s*#(\w+)\s/.exec(body)?.[1];
  const inHelper = ours && `(${ours} ${written(1)} ${written(3)})`;
  const help =
    block && inHelper
      ? `write {{#${block} ${inHelper}}}`
      : `compute it in a variable of its own: NAME: !cel ${inner.replace(/^\s*#\w+\s/, "").trim()}`;
  return left === "" || right === "" ? undefined : { message: `"${sign}" is not known inside of {{ }}`, help, at, length: to - at };
};

const dash: Form = (body, inner) => {
  if (!/^-\s|\s-\s*$/.test(body)) return undefined;
  return { message: '"-" does not trim white space here', help: `write {{~ ${inner.replace(/^-|-\s*$/g, "").trim()} ~}}` };
};
