import type { Module } from "../kernel/module.ts";
import { argumentSchema, type JsonSchema } from "./jsonSchema.ts";

/** Keywords of the language that an editor offers, by place. */
export interface EditorKeywords {
  readonly play: readonly EditorKeyword[];
  readonly block: readonly EditorKeyword[];
  readonly task: readonly EditorKeyword[];
}

export interface EditorKeyword {
  readonly name: string;
  readonly summary: string;
}

/** JSON Schema of a playbook and of a file of tasks, for editors: completion, hover texts, slips marked while typing. */
export function editorSchema(modules: readonly Module[], keywords: EditorKeywords): JsonSchema {
  const tasks = { type: "array", items: { $ref: "#/$defs/entry" } };
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "Rempart playbook, or a file of tasks",
    anyOf: [{ type: "array", items: { $ref: "#/$defs/play" } }, { ...tasks }],
    $defs: {
      play: {
        anyOf: [
          {
            type: "object",
            required: ["hosts"],
            properties: { ...described(keywords.play), pre_tasks: tasks, tasks, post_tasks: tasks, handlers: tasks },
            additionalProperties: false,
          },
          { type: "object", required: ["import_playbook"], properties: { name: {}, import_playbook: { type: "string" } } },
        ],
      },
      entry: { anyOf: [{ $ref: "#/$defs/task" }, { $ref: "#/$defs/block" }] },
      block: {
        type: "object",
        required: ["block"],
        properties: { ...described(keywords.block), guard, block: tasks, rescue: tasks, always: tasks },
        additionalProperties: false,
      },
      task: {
        type: "object",
        properties: { ...described(keywords.task), ...moduleProperties(modules), ...includes },
        patternProperties: { "^ansible\\.(builtin|legacy)\\.": true },
        additionalProperties: false,
        not: { required: ["block"] },
      },
    },
  };
}

const guard: JsonSchema = {
  description: "Undo the block unless the host is seen to be reachable behind it.",
  type: "object",
  required: ["within"],
  properties: {
    within: {
      description: "How long the block may take: seconds or minutes, from 30s to 15m.",
      anyOf: [
        { type: "integer", minimum: 30, maximum: 900 },
        { type: "string", pattern: "^[0-9]+(s|m)?$" },
      ],
    },
    port: {
      description: "Where sshd listens behind the block, when the block moves it.",
      anyOf: [
        { type: "integer", minimum: 1, maximum: 65535 },
        { type: "string", pattern: "\\{\\{" },
      ],
    },
  },
  additionalProperties: false,
};

const includes: Readonly<Record<string, JsonSchema>> = Object.fromEntries(
  ["import_tasks", "include_tasks", "import_role", "include_role", "meta"].map((name) => [name, {}]),
);

function described(keywords: readonly EditorKeyword[]): Record<string, JsonSchema> {
  return Object.fromEntries(keywords.map((k) => [k.name, { description: k.summary }]));
}

function moduleProperties(modules: readonly Module[]): Record<string, JsonSchema> {
  return Object.fromEntries(modules.flatMap((m) => [m.name, ...m.aliases].map((name) => [name, moduleProperty(m)])));
}

/** Any value may also be an expression in braces, which is a text whatever it gives. */
function moduleProperty(module: Module): JsonSchema {
  const args = templated(argumentSchema(module));
  const free = module.freeForm !== undefined || module.keyValue || !hasRequired(args);
  return { description: module.summary, ...(free ? { anyOf: [args, { type: ["string", "null"] }] } : args) };
}

function hasRequired(schema: JsonSchema): boolean {
  return (schema.required?.length ?? 0) > 0 || (schema.anyOf ?? schema.oneOf ?? []).some(hasRequired);
}

function templated(schema: JsonSchema): JsonSchema {
  if (!schema.properties) {
    const variants = schema.anyOf ?? schema.oneOf;
    return variants ? { ...schema, anyOf: variants.map(templated) } : schema;
  }
  return { ...schema, properties: Object.fromEntries(Object.entries(schema.properties).map(([name, s]) => [name, orExpression(s)])) };
}

function orExpression(schema: JsonSchema): JsonSchema {
  if (schema.type === "string" && !schema.enum && schema.pattern === undefined) return schema;
  const { description, ...rest } = schema;
  return { ...(description !== undefined && { description }), anyOf: [rest, { type: "string", pattern: "\\{\\{" }] };
}
