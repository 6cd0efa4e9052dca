import type { Diagnostic } from "../kernel/diagnostic.ts";
import type { Span } from "../kernel/span.ts";

/** A file that cannot be read, by the code of the failure. */
export function unreadable(path: string, code: string): Diagnostic {
  const [message, help] = readFailures[code] ?? [`cannot read ${path} (${code})`, undefined];
  return { severity: "error", message: message.replace("FILE", path), ...(help && { help }) };
}

const readFailures: Readonly<Record<string, readonly [string, string]>> = {
  ENOENT: ["there is no file FILE", "check the path; it counts from the working folder"],
  ENOTDIR: ["there is no file FILE", "a part of the path is a file, not a folder"],
  EISDIR: ["FILE is a folder", "name a file in it"],
  EACCES: ["FILE may not be read", "give yourself the right to read it"],
  NOT_UTF8: ["FILE is not UTF-8 text", "save it as UTF-8"],
};

/** What the YAML parser's codes mean to a person, and what to write instead. */
const parserFailures: Readonly<Record<string, readonly [message: string, help?: string]>> = {
  BAD_ALIAS: ["this alias is not well-formed", 'an alias is "*name"; quote a text that starts with "*"'],
  BAD_COLLECTION_TYPE: ["the tag does not fit what follows it"],
  BAD_DIRECTIVE: ["unknown directive", 'remove the line that starts with "%"'],
  BAD_DQ_ESCAPE: ["unknown escape in a double-quoted text", "write \\\\ for a backslash, or use single quotes"],
  BAD_INDENT: ["the indentation does not fit the lines around it", "indent entries of one level equally, with spaces"],
  BAD_PROP_ORDER: ["an anchor or a tag stands at the wrong place"],
  BAD_SCALAR_START: ["a plain text cannot start with this character", "quote the text"],
  BLOCK_AS_IMPLICIT_KEY: ['a second ": " on one line', 'quote the text that holds ": ", or start the inner map on its own line'],
  BLOCK_IN_FLOW: ["a block stands inside of [ ] or { }", "close the bracket first, or write the whole list or map as a block"],
  DUPLICATE_KEY: ["this key stands in the map already"],
  IMPOSSIBLE: ["the YAML parser gave up here"],
  KEY_OVER_1024_CHARS: ["a key is longer than 1024 characters"],
  MISSING_CHAR: ["something is not closed before here", "close the quote or bracket"],
  MULTILINE_IMPLICIT_KEY: ["a key goes over more than one line", 'end the line before with ":" or quote the text'],
  MULTIPLE_ANCHORS: ["a value has two anchors", "remove one"],
  MULTIPLE_DOCS: ["a second document starts here", "put it in a file of its own"],
  MULTIPLE_TAGS: ["a value has two tags", "remove one"],
  NON_STRING_KEY: ["a key must be a text"],
  RESOURCE_EXHAUSTION: ["the file is nested too deep", "flatten it"],
  TAB_AS_INDENT: ["a tab is used as indentation", "indent with spaces"],
  UNEXPECTED_TOKEN: ["something is too much here", "quote the text, or check the brackets and the indentation"],
};

/** An error or warning of the parser in plain words. */
export function parserSays(code: string, original: string, at: Span): Diagnostic {
  const [message, help] = parserFailures[code] ?? [`the YAML parser says: ${at.source.secret ? code : original}`];
  const exact = code === "MISSING_CHAR" && !at.source.secret ? lowerFirst(original) : message;
  return { severity: "error", message: exact, at, ...(help && { help }) };
}

/** The tags of others, and what they are here. */
const foreignTags = new Map([
  ["!vault", "encrypt the whole file instead: rempart vault encrypt FILE"],
  ["!unsafe", "write !raw"],
  ["!include", "use vars_files, include_tasks or import_tasks"],
]);

/** A tag that is not ours; `quoted` is the value as it reads in quotes, where it may be shown. */
export function unknownTag(tag: string, at: Span, quoted: string | undefined): Diagnostic {
  if (at.source.secret)
    return { severity: "error", message: "unknown tag: the tags are !raw and !cel", at, help: "quote a text that starts with !" };
  const help =
    foreignTags.get(tag) ??
    (tag.startsWith("!") && !tag.startsWith("!!") && quoted ? `quote it if it is text: ${quoted}` : "remove it; quotes make a text");
  return { severity: "error", message: `unknown tag "${tag}": the tags are !raw and !cel`, at, help };
}

function lowerFirst(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
