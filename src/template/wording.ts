/** Help for words that other languages use as values. */
const foreignWords = new Map(
  Object.entries({
    True: "write true",
    False: "write false",
    None: "write null",
    none: "write null",
    nil: "write null",
    undefined: 'ask with defined("name")',
    yes: "write true",
    no: "write false",
    on: "write true",
    off: "write false",
    omit: "leave the argument out, or give it to a task of its own under a when",
  }),
);

export function undefinedVariable(name: string): string {
  return `"${name}" is not defined`;
}

export function undefinedHelp(name: string, near: string | undefined): string {
  const foreign = foreignWords.get(name);
  if (foreign) return foreign;
  return near
    ? `did you mean "${near}"?`
    : "define it in the inventory, in vars or in the role's defaults, or write (default name value) where it may be missing";
}

export function noField(field: string, owner: string): string {
  return `"${owner}" has no "${field}"`;
}

export function noFieldHelp(near: string | undefined, names: readonly string[]): string {
  if (near) return `did you mean "${near}"?`;
  if (names.length === 0) return "it is empty";
  const shown = names.slice(0, 12).join(", ");
  return `it has ${shown}${names.length > 12 ? ", ..." : ""}`;
}

export function notReadable(field: string, owner: string, kind: string): string {
  return `"${owner}" is ${kind}, so "${field}" cannot be read from it`;
}

export function outOfList(owner: string, size: number): string {
  return size === 0 ? `"${owner}" is an empty list` : `"${owner}" has ${size} ${size === 1 ? "item" : "items"}, counted from 0`;
}

export function notText(kind: string): string {
  return `${kind} cannot stand inside of text`;
}

export const notTextHelp: Readonly<Record<string, string>> = {
  "a list": 'join it: {{ join NAME ", " }}, or write it as JSON: {{ json NAME }}',
  "a map": "name one of its fields, or write it as JSON: {{ json NAME }}",
  null: "give it a value, or say what stands for it: {{ default NAME 80 }}",
};

export function wantsBoolean(kind: string): string {
  return `a condition must be true or false, this is ${kind}`;
}

/** How to make a condition of a value that is no boolean. */
export function booleanHelp(kind: string, text: string): string {
  switch (kind) {
    case "a text":
      return `compare it: ${text} != ""`;
    case "a list":
    case "a map":
      return `ask for its size: size(${text}) > 0`;
    case "a number":
      return `compare it: ${text} != 0`;
    default:
      return `compare it: ${text} != null`;
  }
}
