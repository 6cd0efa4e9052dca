import { type Refusal, refusal } from "../../kernel/module.ts";

/** What Python's regular expressions have and ours have not, or where the same text means something else. */
const differs: readonly (readonly [RegExp, string])[] = [
  [/\(\?[aLmsux]+[-:)]|\(\?[a-z]*-[a-z]+:/, "flags inside a pattern, except (?i) at its start"],
  [/\(\?#/, "a comment (?#...)"],
  [/\(\?\(/, "a condition (?(1)...)"],
  [/\(\?>/, "an atomic group (?>...)"],
  [/[*+?}]\+/, "a possessive quantifier such as *+"],
  [/\\[NU]|\\u(?![0-9a-fA-F]{4})/, "a character by name or long number"],
  [/\[\[:|\[\.|\[=/, "a class such as [[:space:]]; write \\s"],
];

/**
 * A regular expression as Ansible's modules take it (Python's, over one line without its line break), as ours. What means something else here is refused.
 */
export function patternOf(text: string): RegExp | Refusal {
  const ignoreCase = text.startsWith("(?i)");
  const body = ignoreCase ? text.slice(4) : text;
  const bare = body.replace(/\\\\/g, "__");
  const found = differs.find(([form]) => form.test(bare));
  if (found) return refusal(`the pattern ${text} uses ${found[1]}: that is not known here, write it another way`);
  const ours = body.replace(/\\[\s\S]|\(\?P<|\(\?P=(\w+)\)|\{,(\d+)\}/g, (piece, name: string | undefined, upTo: string | undefined) => {
    if (piece === "(?P<") return "(?<";
    if (name !== undefined) return `\\k<${name}>`;
    if (upTo !== undefined) return `{0,${upTo}}`;
    if (piece === "\\A") return "^";
    return piece === "\\Z" ? "$" : piece;
  });
  try {
    return new RegExp(ours, ignoreCase ? "i" : "");
  } catch (error) {
    return refusal(
      `the pattern ${text} is not a regular expression: ${error instanceof Error ? error.message.replace(/^Invalid regular expression: \/.*\/\w*: /, "") : ""}`,
    );
  }
}

/** The text with `\1`, `\g<name>` and Python's escapes filled in from a match. Undefined when it names a group that the pattern has not. */
export function filledIn(text: string, match: RegExpExecArray): string | undefined {
  let missing = false;
  const filled = text.replace(
    /\\(?:g<(\w+)>|([1-9]\d?)|([\\nt]))/g,
    (_all, named: string | undefined, number: string | undefined, escaped: string | undefined) => {
      if (escaped !== undefined) return escaped === "n" ? "\n" : escaped === "t" ? "\t" : "\\";
      const key = named ?? number ?? "";
      const known = /^\d+$/.test(key) ? Number(key) < match.length : match.groups !== undefined && key in match.groups;
      if (!known) missing = true;
      return (/^\d+$/.test(key) ? match[Number(key)] : match.groups?.[key]) ?? "";
    },
  );
  return missing ? undefined : filled;
}
