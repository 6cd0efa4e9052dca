/** One request as a handler sees it. */
export interface Asked {
  readonly method: string;
  /** Values of the parameters of the path. */
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly body: Json;
}

// biome-ignore lint/suspicious/noExplicitAny: bodies were validated against the document before a handler sees them
export type Json = any; // oxlint-disable-line typescript/no-explicit-any

/** What a handler answers: the result, and how many there are where it is a page. */
export interface Reply {
  readonly status: number;
  readonly result: Json;
  readonly info?: Readonly<Record<string, number>>;
}

/** The API refuses: thrown by handlers. */
export class Refused extends Error {
  readonly status: number;
  readonly code: number;
  constructor(status: number, code: number, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

export function ok(result: Json, status = 200): Reply {
  return { status, result: structuredClone(result) };
}

/** One page of a list; a page behind the last is empty, as clients that turn pages rely on. */
export function page(items: readonly Json[], asked: Asked, defaultSize = 20): Reply {
  const size = Number(asked.query.get("per_page") ?? defaultSize);
  const number = Number(asked.query.get("page") ?? 1);
  const result = structuredClone(items.slice((number - 1) * size, number * size));
  const info = {
    page: number,
    per_page: size,
    count: result.length,
    total_count: items.length,
    total_pages: Math.ceil(items.length / size),
  };
  return { status: 200, result, info };
}
