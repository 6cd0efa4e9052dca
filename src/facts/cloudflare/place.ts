import { type ApiClient, ApiError } from "../../kernel/apiclient.ts";
import { NoAnswer } from "../../kernel/fact.ts";

/** A segment of a path that says what the object looks like; the client finds its identifier. */
function fitting(fields: Readonly<Record<string, string>>): string {
  return `{${new URLSearchParams(fields)}}`;
}

/** Path of a zone by its name. */
export function zonePath(zone: string): string {
  return `/zones/${fitting({ name: zone })}`;
}

/** Path of the account that a zone belongs to. */
export function accountPath(zone: string): string {
  return `/accounts/${fitting({ zone })}`;
}

/** Path of the one object in a list whose fields have these values. */
export function pathOf(list: string, fields: Readonly<Record<string, string>>): string {
  return `${list}/${fitting(fields)}`;
}

/** An object as the API gives it. */
export type Raw = Readonly<Record<string, unknown>>;

/** A list of objects; throws when the API cannot give it whole. */
export async function listAt(client: ApiClient, path: string): Promise<readonly Raw[]> {
  return ((await client.get(path)) ?? []) as readonly Raw[];
}

/** The object, or undefined where the API says that there is none (404). */
export async function objectAt(client: ApiClient, path: string): Promise<Raw | undefined> {
  try {
    return (await client.get(path)) as Raw;
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return undefined;
    throw error;
  }
}

export function textIn(raw: Raw | undefined, field: string): string | null {
  const value = raw?.[field];
  return typeof value === "string" && value !== "" ? value : null;
}

/** Only the fields that are named and there. */
export function picked(raw: Raw, fields: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(fields.filter((f) => raw[f] !== undefined && raw[f] !== null).map((f) => [f, raw[f]]));
}

/** The one object of those that fit, or undefined; several are no answer, which lists them. */
export function only(found: readonly Raw[], what: string): Raw | undefined | NoAnswer {
  if (found.length < 2) return found[0];
  return new NoAnswer(`${found.length} ${what} (${found.map((f) => f.id).join(", ")}): remove all but one`);
}
