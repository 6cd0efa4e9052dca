import { z } from "zod";
import type { ArgumentInput } from "../kernel/argumentinput.ts";
import type { Module } from "../kernel/module.ts";

/** The part of JSON Schema that zod writes and the manual reads. */
export interface JsonSchema {
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly default?: unknown;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly allOf?: readonly JsonSchema[];
  readonly items?: JsonSchema | boolean;
  readonly prefixItems?: readonly JsonSchema[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly patternProperties?: Readonly<Record<string, JsonSchema | boolean>>;
  readonly additionalProperties?: JsonSchema | boolean;
  readonly propertyNames?: JsonSchema;
  readonly required?: readonly string[];
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly $ref?: string;
  readonly [other: string]: unknown;
}

/** What a user may write for arguments of this schema; what JSON Schema cannot say is allowed. */
export function inputSchema(schema: z.ZodType): JsonSchema {
  return plain(z.toJSONSchema(schema, { io: "input", unrepresentable: "any", reused: "inline" }) as JsonSchema);
}

/** What a value of this schema looks like when it is there. */
export function outputSchema(schema: z.ZodType): JsonSchema {
  return plain(z.toJSONSchema(schema, { io: "output", unrepresentable: "any", reused: "inline" }) as JsonSchema);
}

/** What each special argument is written as. */
const written: Readonly<Record<ArgumentInput, JsonSchema>> = {
  file: { type: "string" },
  template: { type: "string" },
  conditions: {
    anyOf: [{ type: "string" }, { type: "boolean" }, { type: "array", items: { anyOf: [{ type: "string" }, { type: "boolean" }] } }],
  },
  variable: { type: "string" },
  archive: { type: "string" },
  fetched: { type: "string" },
};

/** The schema of a module's arguments as the user writes them: a `src` that becomes a file is a text there. */
export function argumentSchema(module: Pick<Module, "args" | "inputs">): JsonSchema {
  return withInputs(inputSchema(module.args), module.inputs);
}

function withInputs(schema: JsonSchema, inputs: Module["inputs"]): JsonSchema {
  const variants = (list: readonly JsonSchema[]): readonly JsonSchema[] => list.map((s) => withInputs(s, inputs));
  return {
    ...schema,
    ...(schema.anyOf && { anyOf: variants(schema.anyOf) }),
    ...(schema.oneOf && { oneOf: variants(schema.oneOf) }),
    ...(schema.allOf && { allOf: variants(schema.allOf) }),
    ...(schema.properties && {
      properties: Object.fromEntries(
        Object.entries(schema.properties).map(([name, s]) => {
          const input = inputs[name];
          return [name, input ? { ...written[input], ...(s.description !== undefined && { description: s.description }) } : s];
        }),
      ),
    }),
  };
}

/** Without the marks that say nothing to a reader or an editor, and without variants that allow anything (internal types). */
function plain(schema: JsonSchema): JsonSchema {
  const kept = Object.entries(schema).filter(([key, value]) => key !== "$schema" && key !== "~standard" && !isBound(key, value));
  return Object.fromEntries(kept.map(([key, value]) => [key, part(key, value)]));
}

/** zod writes the limits of safe integers into every integer. */
function isBound(key: string, value: unknown): boolean {
  return (key === "maximum" || key === "minimum") && typeof value === "number" && Math.abs(value) === Number.MAX_SAFE_INTEGER;
}

function part(key: string, value: unknown): unknown {
  if ((key === "anyOf" || key === "oneOf") && Array.isArray(value)) {
    const variants = value.map((v: JsonSchema) => plain(v));
    const telling = variants.filter((v) => Object.keys(v).length > 0);
    return telling.length > 0 ? telling : variants;
  }
  if (key === "allOf" && Array.isArray(value)) return value.map((v: JsonSchema) => plain(v));
  if ((key === "items" || key === "additionalProperties" || key === "propertyNames") && isObject(value)) return plain(value);
  if (key === "properties" && isObject(value))
    return Object.fromEntries(Object.entries(value).map(([name, s]) => [name, plain(s as JsonSchema)]));
  return value;
}

function isObject(value: unknown): value is JsonSchema {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
