import { Refused, refuse } from "../kernel/diagnostic.ts";
import { isMap, Secret, type Value } from "../kernel/value.ts";

/** A value without Secrets, and whether there were any. */
export interface Revealed {
  readonly value: Value;
  readonly secret: boolean;
}

/** Opens every Secret inside of the value. */
export function reveal(value: Value): Revealed {
  let secret = false;
  const open = (v: Value): Value => {
    if (v instanceof Secret) {
      secret = true;
      return v.reveal();
    }
    if (Array.isArray(v)) return (v as readonly Value[]).map(open);
    if (isMap(v)) return mapValues(v, open);
    return v;
  };
  return { value: open(value), secret };
}

/** What was derived from a secret: its texts and numbers become Secrets; true, false and null say too little to hide. */
export function taint(value: Value): Value {
  if (typeof value === "string") return new Secret(value, true);
  if (typeof value === "number") return new Secret(String(value), true);
  if (Array.isArray(value)) return (value as readonly Value[]).map(taint);
  return isMap(value) ? mapValues(value, taint) : value;
}

/** The map with every value turned; `fromEntries` makes own properties of whatever names. */
export function mapValues(map: { readonly [key: string]: Value }, turn: (value: Value) => Value): Value {
  return Object.fromEntries(Object.entries(map).map(([k, v]) => [k, turn(v)]));
}

/** Runs over secret texts: a refusal keeps its name only, because its words could repeat the secret. */
export function withoutWords<T>(name: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    if (!(error instanceof Refused)) throw error;
    return refuse(`${name} cannot be applied to this secret value`, undefined, "check the value where it comes from");
  }
}
