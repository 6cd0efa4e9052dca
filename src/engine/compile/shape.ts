import { z } from "zod";
import type { Module } from "../../kernel/module.ts";
import type { Shape } from "../../kernel/value.ts";
import type { TaskEntry } from "../../playbook/model.ts";

/** What every registered result has, whatever the module. */
const common: Readonly<Record<string, Shape>> = {
  changed: { kind: "boolean" },
  failed: { kind: "boolean" },
  skipped: { kind: "boolean" },
  msg: { kind: "string" },
};

const shapes = new WeakMap<Module, Shape>();

/** The shape of what `register` gets from one turn of the task. */
export function resultShape({ retrying }: Pick<TaskEntry, "retrying">, module: Module): Shape {
  const shape = ofModule(module);
  return retrying && shape.kind === "object" ? { kind: "object", fields: { ...shape.fields, attempts: { kind: "number" } } } : shape;
}

/** The shape of what `register` gets: of a loop one result per item beside the common fields. */
export function shapeOf(task: Pick<TaskEntry, "retrying" | "loop">, module: Module): Shape {
  const one = resultShape(task, module);
  return task.loop ? { kind: "object", fields: { ...common, results: { kind: "list", of: withItem(one) } } } : one;
}

function ofModule(module: Module): Shape {
  let shape = shapes.get(module);
  if (!shape) {
    const own = fromSchema(z.toJSONSchema(module.result, { unrepresentable: "any", io: "output" }) as JsonSchema);
    shape = { kind: "object", fields: { ...common, ...(own.kind === "object" ? own.fields : {}) } };
    shapes.set(module, shape);
  }
  return shape;
}

function withItem(shape: Shape): Shape {
  return shape.kind === "object" ? { kind: "object", fields: { ...shape.fields, item: { kind: "any" } } } : shape;
}

interface JsonSchema {
  readonly type?: string | readonly string[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly additionalProperties?: JsonSchema | boolean;
  readonly items?: JsonSchema;
}

function fromSchema(schema: JsonSchema): Shape {
  switch (schema.type) {
    case "string":
    case "boolean":
    case "number":
      return { kind: schema.type };
    case "integer":
      return { kind: "number" };
    case "array":
      return { kind: "list", of: fromSchema(schema.items ?? {}) };
    case "object":
      if (typeof schema.additionalProperties === "object") return { kind: "map", of: fromSchema(schema.additionalProperties) };
      if (!schema.properties) return { kind: "any" };
      return { kind: "object", fields: Object.fromEntries(Object.entries(schema.properties).map(([k, v]) => [k, fromSchema(v)])) };
    default:
      return { kind: "any" };
  }
}
