import type { JsonSchema } from "./jsonSchema.ts";

/** One row of a table of arguments, results or events. */
export interface Field {
  readonly name: string;
  /** For people: `text`, `number`, `list of text`, `present | absent`. */
  readonly type: string;
  readonly required: boolean;
  /** As YAML would have it; undefined without one. */
  readonly default?: string;
  readonly description: string;
}

/** The fields of an object schema; those of the variants of a union together, required when all variants require them. */
export function fieldsOf(schema: JsonSchema): Field[] {
  const all = variantsOf(schema);
  const names = [...new Set(all.flatMap((v) => Object.keys(v.properties ?? {})))];
  return names.map((name) => {
    const found = all.flatMap((v) => (v.properties?.[name] ? [v.properties[name]] : []));
    const given = found.find((s) => s.default !== undefined)?.default;
    return {
      name,
      type: [...new Set(found.map(typeOf))].join(" or "),
      required: all.every((v) => v.required?.includes(name) ?? false),
      ...(given !== undefined && { default: JSON.stringify(given) }),
      description: found.find((s) => s.description !== undefined)?.description ?? "",
    };
  });
}

function variantsOf(schema: JsonSchema): readonly JsonSchema[] {
  const list = schema.anyOf ?? schema.oneOf;
  return list ? list.flatMap(variantsOf) : [schema];
}

/** What may stand there, in words. */
export function typeOf(schema: JsonSchema): string {
  if (schema.const !== undefined) return JSON.stringify(schema.const).replaceAll('"', "");
  if (schema.enum) return schema.enum.map(String).join(" | ");
  const variants = schema.anyOf ?? schema.oneOf;
  if (variants) return [...new Set(variants.map(typeOf))].join(" or ");
  if (Array.isArray(schema.type)) return schema.type.map((t: string) => word(t)).join(" or ");
  if (schema.type === "array")
    return typeof schema.items === "object" && Object.keys(schema.items).length > 0 ? `list of ${typeOf(schema.items)}` : "list";
  if (schema.type === "object") return objectType(schema);
  return typeof schema.type === "string" ? word(schema.type) : "anything";
}

function objectType(schema: JsonSchema): string {
  if (schema.properties) {
    const parts = Object.keys(schema.properties).map((name) => (schema.required?.includes(name) ? name : `${name}?`));
    return `map (${parts.join(", ")})`;
  }
  const values = schema.additionalProperties;
  return typeof values === "object" && Object.keys(values).length > 0 ? `map of ${typeOf(values)}` : "map";
}

const words: Readonly<Record<string, string>> = {
  string: "text",
  integer: "integer",
  number: "number",
  boolean: "true or false",
  null: "null",
};

function word(type: string): string {
  return words[type] ?? type;
}
