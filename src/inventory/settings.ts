import { refuse } from "../kernel/diagnostic.ts";
import { Secret, Unknown, type Value } from "../kernel/value.ts";

/** Reads a variable of a host; undefined when it is not set. */
export type Get = (name: string) => Value | undefined;

/** A setting as text; a Secret counts, since an address may come from the vault. */
export function textOf(get: Get, name: string): string | undefined {
  const value = known(get, name);
  if (value === undefined || typeof value === "string")
    return value === "" ? refuse(`${name} is empty`, undefined, "remove it, or give it a value") : value;
  if (value instanceof Secret) return value.reveal();
  return typeof value === "number" ? String(value) : wrong(name, "a text");
}

/** A setting that no output may show. */
export function secretOf(get: Get, name: string): Secret | undefined {
  const value = known(get, name);
  if (value === undefined || value instanceof Secret) return value;
  if (typeof value === "string") return new Secret(value);
  return typeof value === "number" ? new Secret(String(value)) : wrong(name, "a text");
}

export function booleanOf(get: Get, name: string): boolean | undefined {
  const value = known(get, name);
  if (value === undefined || typeof value === "boolean") return value;
  return wrong(
    name,
    "true or false",
    typeof value === "string" && /^(yes|on|no|off|true|false)$/i.test(value)
      ? `write ${/^(yes|on|true)$/i.test(value)}, without quotes`
      : undefined,
  );
}

/** A TCP port, as number or as text. */
export function portOf(get: Get, name: string): number | undefined {
  const value = known(get, name);
  if (value === undefined) return undefined;
  const text = value instanceof Secret ? value.reveal() : value;
  const port = typeof text === "number" || (typeof text === "string" && /^\d+$/.test(text)) ? Number(text) : Number.NaN;
  return Number.isInteger(port) && port >= 1 && port <= 65_535 ? port : wrong(name, "a port from 1 to 65535");
}

/** One text or a list of texts. */
export function textListOf(get: Get, name: string): readonly string[] | undefined {
  const value = known(get, name);
  if (value === undefined) return undefined;
  const list: readonly Value[] = Array.isArray(value) ? value : [value];
  return list.map((v) => (typeof v === "string" ? v : wrong(name, "a list of texts")));
}

function known(get: Get, name: string): Exclude<Value, Unknown | null> | undefined {
  const value = get(name);
  if (value instanceof Unknown)
    return refuse(
      `${name} must be known before the host is reached, it waits for "${value.waitsFor}"`,
      undefined,
      "give it in the inventory",
    );
  return value ?? undefined;
}

function wrong(name: string, wanted: string, help?: string): never {
  return refuse(`${name} must be ${wanted}`, undefined, help);
}
