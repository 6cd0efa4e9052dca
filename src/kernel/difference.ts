import { Secret, Unknown } from "./value.ts";

/** A side that is a Secret or a SecretDigest is shown by its fingerprint, and so is the other side then. */
export interface ChangedField {
  readonly name: string;
  readonly before: unknown;
  readonly after: unknown;
  /** Something to be done rather than a value to be set: only `after` is shown. */
  readonly action?: true;
  /** Harmless, so shown although the change is secret: the mode of a secret file. */
  readonly open?: true;
}

/**
 * Where two values differ, field by field: maps are compared key by key, lists of maps entry by entry, everything else as a whole.
 * The order of the keys of a map makes no difference. `undefined` is what is absent.
 */
export function differences(name: string, before: unknown, after: unknown): readonly ChangedField[] {
  if (isMap(before) && isMap(after)) return ofMaps(name, before, after);
  if (isMap(after) && absent(before) && Object.keys(after).length > 0) return ofMaps(name, {}, after);
  if (isMap(before) && absent(after) && Object.keys(before).length > 0) return ofMaps(name, before, {});
  const [old, now] = [entries(before), entries(after)];
  if (old && now && old.size + now.size > 0) return ofEntries(name, old, now);
  return canonical(before) === canonical(after) ? [] : [{ name, before, after }];
}

function ofMaps(name: string, before: Fields, after: Fields): ChangedField[] {
  const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
  return keys.flatMap((key) => differences(name === "" ? key : `${name}.${key}`, before[key], after[key]));
}

function ofEntries(name: string, before: ReadonlyMap<string, Fields>, after: ReadonlyMap<string, Fields>): ChangedField[] {
  const keys = [...new Set([...before.keys(), ...after.keys()])];
  return keys.flatMap((key) => differences(`${name}[${key}]`, before.get(key), after.get(key)));
}

/** A list of maps by what its entries are called, where each has a name of its own, else by their places. */
function entries(value: unknown): ReadonlyMap<string, Fields> | undefined {
  if (absent(value)) return new Map();
  if (!Array.isArray(value) || value.length === 0 || !value.every(isMap)) return undefined;
  const list: readonly Fields[] = value;
  for (const key of ["ref", "id", "name"]) {
    const names = list.map((entry) => entry[key]);
    if (names.every((n) => typeof n === "string") && new Set(names).size === names.length)
      return new Map(list.map((entry, i) => [names[i] as string, entry]));
  }
  return new Map(list.map((entry, i) => [String(i), entry]));
}

/** JSON in which equal values are equal texts: keys in order, secrets told apart but not shown to anybody. */
function canonical(value: unknown): string {
  if (value instanceof Secret) return `secret ${JSON.stringify(value.reveal())}`;
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (!isMap(value)) return JSON.stringify(value ?? null);
  const keys = Object.keys(value).filter((k) => value[k] !== undefined);
  return `{${keys
    .sort()
    .map((k) => `${JSON.stringify(k)}:${canonical(value[k])}`)
    .join()}}`;
}

type Fields = Readonly<Record<string, unknown>>;

function isMap(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value) && !(value instanceof Secret) && !(value instanceof Unknown);
}

function absent(value: unknown): boolean {
  return value === undefined || value === null;
}
