import { refuse } from "../../kernel/diagnostic.ts";
import type { Placed } from "../position.ts";

/** A form of another language: where it is, what it is called, how it is written here. */
interface Form {
  readonly pattern: RegExp;
  readonly message: (m: RegExpExecArray, inner: (group: number) => string) => string;
  readonly help: (m: RegExpExecArray, inner: (group: number) => string) => string;
}

const path = "[A-Za-z_][\\w.]*(?:\\[[^\\]]*\\][\\w.]*)*";

/** In this order: the first that is found is told. */
const forms: readonly Form[] = [
  {
    pattern: /\{\{\s*(.*?)\s*\}\}/,
    message: () => "a condition is an expression already, it takes no {{ }}",
    help: (_, g) => `write the name alone: ${g(1)}`,
  },
  { pattern: /\{%.*?%\}/, message: () => "{% %} is Jinja", help: () => "write the condition in CEL" },
  {
    pattern: new RegExp(`(${path})\\s+is\\s+(not\\s+)?(\\w+)(?:\\(([^()]*)\\))?`),
    message: (m) => `"is ${m[2] ? "not " : ""}${m[3] ?? ""}" is Jinja`,
    help: (m, g) => `write ${testSpelling(g(1), Boolean(m[2]), m[3] ?? "", g(4))}`,
  },
  {
    pattern: new RegExp(`(${path}|\\))\\s*\\|\\s*(?!\\|)(\\w+)(?:\\(([^()]*)\\))?`),
    message: (m) => `"| ${m[2] ?? ""}" is a Jinja filter`,
    help: (m, g) => filterSpelling(g(1), m[2] ?? "", g(3)),
  },
  {
    pattern: /(\S.*?)\s+if\s+(.*?)\s+else\s+(.*\S)/,
    message: () => '"a if b else c" is Python',
    help: (_, g) => `write ${g(2)} ? ${g(1)} : ${g(3)}`,
  },
  {
    pattern: new RegExp(`(${path}|"[^"]*"|'[^']*')\\s+not\\s+in\\s+(${path}|\\[[^\\]]*\\])`),
    message: () => '"not in" is Python',
    help: (_, g) => `write !(${g(1)} in ${g(2)})`,
  },
  { pattern: new RegExp(`(?:^|[\\s(!])not\\s+(${path}|\\()`), message: () => '"not" is written !', help: (_, g) => `write !${g(1)}` },
  { pattern: /\s(and)(?=\s)/, message: () => '"and" is written &&', help: () => "write &&" },
  { pattern: /\s(or)(?=\s)/, message: () => '"or" is written ||', help: () => "write ||" },
  {
    pattern: new RegExp(`(${path})\\s*(?:=~|~=)\\s*(\\S+)`),
    message: () => "a regular expression is matched by matches()",
    help: (_, g) => `write ${g(1)}.matches(${g(2)})`,
  },
  { pattern: /===/, message: () => '"===" is written ==', help: () => "write ==" },
  { pattern: /!==/, message: () => '"!==" is written !=', help: () => "write !=" },
  { pattern: /<>/, message: () => '"<>" is written !=', help: () => "write !=" },
  { pattern: /(?<![=!<>])=(?![=~])/, message: () => '"=" does not compare', help: () => "write ==" },
  { pattern: /(?<!&)&(?!&)/, message: () => 'one "&" is not known', help: () => "write &&" },
  { pattern: /(?<!\|)\|(?!\|)/, message: () => 'one "|" is not known', help: () => "write || for or" },
  { pattern: /\S\s*~\s*\S/, message: () => '"~" joins texts in Jinja', help: () => "join texts by +, and numbers by string(n)" },
  { pattern: /\$\{?\w*/, message: () => "$ is not used here", help: () => "write the name of the variable alone" },
];

/** Refuses what Jinja, Python, JavaScript and shells write, with our spelling. */
export function refuseForeign(placed: Placed): void {
  const { text } = placed;
  const blanked = blankStrings(text);
  for (const { pattern, message, help } of forms) {
    const m = new RegExp(pattern.source, "d").exec(blanked);
    if (!m) continue;
    const group = (i: number): string => {
      const at = m.indices?.[i];
      return at ? text.slice(at[0], at[1]) : "";
    };
    const one = m.length === 2 && /^(and|or)$/.test(m[1] ?? "") ? m.indices?.[1] : undefined;
    const [start, end] = one ?? [m.index + (/^\s*/.exec(m[0])?.[0].length ?? 0), m.index + m[0].length];
    if (placed.source.secret) refuse("this does not parse as CEL", placed.span(start, end));
    refuse(message(m, group), placed.span(start, end), help(m, group));
  }
}

/** String literals become as many spaces, so that no form is found in them; the quotes stay. */
function blankStrings(text: string): string {
  return text.replace(/"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'/g, (s) => s.charAt(0) + "_".repeat(s.length - 2) + s.charAt(0));
}

function testSpelling(what: string, negated: boolean, test: string, argument: string): string {
  const not = negated ? "!" : "";
  switch (test) {
    case "defined":
      return `${not}defined("${what}")`;
    case "undefined":
      return `${negated ? "" : "!"}defined("${what}")`;
    case "none":
      return `${what} ${negated ? "!=" : "=="} null`;
    case "changed":
    case "change":
      return `${not}${what}.changed`;
    case "failed":
    case "failure":
      return `${not}${what}.failed`;
    case "skipped":
    case "skip":
      return `${not}${what}.skipped`;
    case "succeeded":
    case "success":
    case "successful":
      return `${negated ? "" : "!"}${what}.failed`;
    case "match":
    case "search":
    case "regex":
      return `${not}${what}.matches(${argument || '"..."'})`;
    case "true":
    case "True":
    case "truthy":
      return `${not}${what}`;
    case "false":
    case "False":
    case "falsy":
      return `${negated ? "" : "!"}${what}`;
    case "in":
    case "contains":
      return `${not}(${argument || '"..."'} in ${what})`;
    default:
      return `a comparison: ${what} == ...`;
  }
}

function filterSpelling(what: string, filter: string, argument: string): string {
  const value = what === ")" ? "x" : what;
  switch (filter) {
    case "default":
    case "d":
      return `write defined("${value}") ? ${value} : ${argument.split(",")[0]?.trim() || '""'}`;
    case "length":
    case "count":
      return `write size(${value})`;
    case "bool":
      return `write ${value} == "true", or declare it as a boolean`;
    case "int":
    case "string":
      return `write ${filter}(${value})`;
    case "float":
      return `write double(${value})`;
    case "lower":
    case "upper":
    case "trim":
      return `write ${value}.${filter}()`;
    case "first":
      return `write ${value}[0]`;
    case "selectattr":
    case "select":
    case "reject":
    case "rejectattr":
      return `write ${value}.filter(x, ...)`;
    case "map":
      return `write ${value}.map(x, ...)`;
    default:
      return 'compute it with a helper in a variable: NAME: "{{ helper ... }}"';
  }
}
