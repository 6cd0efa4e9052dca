import { isMap, Unknown, type Value } from "../kernel/value.ts";
import { field } from "./field.ts";
import type { Scope } from "./scope.ts";

/** Whether a variable or field is there: `a`, `a.b`, `a.[0].c`, `a[0]`. Unknown where only a later task can tell. */
export function isDefined(scope: Scope, path: string): boolean | Unknown {
  const [first, ...rest] = [...path.matchAll(/\[\s*["']?([^\]"']*)["']?\s*\]|[^.[\]]+/g)].map((m) => m[1] ?? m[0]);
  let value: Value | undefined = first === undefined ? undefined : scope.get(first);
  for (const name of rest) {
    if (value === undefined) return false;
    if (value instanceof Unknown && (value.shape.kind === "list" || value.shape.kind === "map")) return value;
    const found: ReturnType<typeof field> =
      isMap(value) || Array.isArray(value) || value instanceof Unknown ? field(value, name, "") : { message: "", help: "" };
    value = "value" in found ? found.value : undefined;
  }
  if (value === undefined) return false;
  return rest.length > 0 && value instanceof Unknown ? value : true;
}
