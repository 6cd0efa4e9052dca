import type { IncomingHttpHeaders } from "node:http";

/** A request, read to its end. */
export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  /** JSON; undefined for none. */
  readonly body: unknown;
  /** Address of the visitor. */
  readonly visitor: string;
}

export interface Answer {
  readonly status: number;
  /** JSON, or with `plain` a text. */
  readonly body?: unknown;
  readonly plain?: true;
  readonly headers?: Readonly<Record<string, string>>;
}

export const done: Answer = { status: 204 };

export function problem(status: number, detail: string): Answer {
  return { status, body: { type: "about:blank", title: "Error", status, detail } };
}

export function mapOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Readonly<Record<string, unknown>>) : {};
}

export function textOf(value: unknown): string {
  return typeof value === "string" ? value : "";
}

/** The values of `Authorization: MediaBrowser Client="x", Token="y"`. */
export function schemeValues(header: string | undefined, schemes: readonly string[]): Readonly<Record<string, string>> {
  const [, scheme = "", rest = ""] = /^(\w+)\s+(.*)$/s.exec(header ?? "") ?? [];
  if (!schemes.includes(scheme)) return {};
  return Object.fromEntries([...rest.matchAll(/(\w+)="([^"]*)"/g)].map(([, name = "", value = ""]) => [name, decodeURIComponent(value)]));
}
