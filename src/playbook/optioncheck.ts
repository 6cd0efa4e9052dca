import { nearest, refuse } from "../kernel/diagnostic.ts";
import type { Span } from "../kernel/span.ts";
import { isMap, Secret, Unknown, type Value } from "../kernel/value.ts";
import type { Option } from "./model.ts";

const wanted: Readonly<Record<Option["type"], string>> = {
  string: "a text",
  integer: "a whole number",
  number: "a number",
  boolean: "true or false",
  list: "a list",
  map: "a map",
  object: "a map",
};

/** The value if it fits the option (a Secret where the option is secret), else Refused. What a Secret holds is checked and not shown. */
export function checkValue(option: Option, value: Value, path: string, at: Span | undefined): Value {
  if (value instanceof Unknown) return value;
  const hidden = value instanceof Secret || option.secret;
  const plain = value instanceof Secret ? revealed(option, value) : value;
  const shown = hidden ? "" : `, this is ${describe(plain)}`;
  if (!hasType(option.type, plain))
    refuse(`"${path}" must be ${wanted[option.type]}${shown}`, at, hidden ? undefined : typeHelp(option, plain));
  if (option.choices && !option.choices.some((c) => c === plain)) {
    const near = typeof plain === "string" && !hidden ? nearest(plain, option.choices.map(String)) : undefined;
    refuse(`"${path}" must be one of ${option.choices.join(", ")}${shown}`, at, near && `did you mean "${near}"?`);
  }
  checkSize(option, plain, path, at, shown);
  if (option.pattern !== undefined && typeof plain === "string" && !new RegExp(`^(?:${option.pattern})$`, "u").test(plain)) {
    refuse(`"${path}" ${option.patternHelp ?? `must match ${option.pattern}`}${shown}`, at);
  }
  if (option.secret && !(value instanceof Secret) && (typeof plain === "string" || typeof plain === "number"))
    return new Secret(String(plain));
  return value;
}

/** A number in a decrypted file is a Secret, too. */
function revealed(option: Option, secret: Secret): Value {
  const text = secret.reveal();
  return (option.type === "integer" || option.type === "number") && /^-?\d+(\.\d+)?$/.test(text) ? Number(text) : text;
}

function hasType(type: Option["type"], value: Value): boolean {
  switch (type) {
    case "string":
      return typeof value === "string";
    case "integer":
      return Number.isInteger(value);
    case "number":
      return typeof value === "number";
    case "boolean":
      return typeof value === "boolean";
    case "list":
      return Array.isArray(value);
    case "map":
    case "object":
      return isMap(value);
    default:
      return type satisfies never;
  }
}

function checkSize(option: Option, value: Value, path: string, at: Span | undefined, shown: string): void {
  const measured = sizeOf(value);
  if (!measured) return;
  const { size, unit } = measured;
  if (option.min !== undefined && size < option.min) refuse(`"${path}" must ${unit.verb} at least ${option.min}${unit.noun}${shown}`, at);
  if (option.max !== undefined && size > option.max) refuse(`"${path}" must ${unit.verb} at most ${option.max}${unit.noun}${shown}`, at);
}

function sizeOf(value: Value): { readonly size: number; readonly unit: { readonly verb: string; readonly noun: string } } | undefined {
  if (typeof value === "number") return { size: value, unit: { verb: "be", noun: "" } };
  if (typeof value === "string") return { size: value.length, unit: { verb: "have", noun: " characters" } };
  if (Array.isArray(value)) return { size: value.length, unit: { verb: "have", noun: " items" } };
  return isMap(value) ? { size: Object.keys(value).length, unit: { verb: "have", noun: " entries" } } : undefined;
}

function typeHelp(option: Option, value: Value): string | undefined {
  if (option.type === "string" && (typeof value === "number" || typeof value === "boolean")) return `write it in quotes: "${value}"`;
  if ((option.type === "integer" || option.type === "number") && typeof value === "string" && /^-?\d+(\.\d+)?$/.test(value))
    return `write it without quotes: ${value}`;
  if (option.type === "boolean" && typeof value === "string") {
    if (/^(yes|on|true|y)$/i.test(value)) return "write true, without quotes";
    if (/^(no|off|false|n)$/i.test(value)) return "write false, without quotes";
  }
  if (option.type === "list" && typeof value === "string") return `write it as a list: [${value}]`;
  return undefined;
}

function describe(value: Value): string {
  if (value === null) return "nothing";
  if (typeof value === "string") return `the text "${value.length > 40 ? `${value.slice(0, 40)}...` : value}"`;
  if (typeof value === "number" || typeof value === "boolean") return `${typeof value === "number" ? "the number " : ""}${value}`;
  return Array.isArray(value) ? "a list" : "a map";
}
