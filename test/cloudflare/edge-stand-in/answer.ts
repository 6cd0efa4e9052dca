/** An answer of the edge itself. */
export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
  /** The layer that answered, as `Passed.by` tells it. */
  readonly by: string;
}

/** A small page. */
export function page(status: number, by: string, title: string, inside = "", headers: Readonly<Record<string, string>> = {}): Answer {
  const body = `<!DOCTYPE html>\n<html lang="en"><head><title>${escaped(title)}</title></head><body><h1>${escaped(title)}</h1>${inside}</body></html>\n`;
  return { status, by, body, headers: { "content-type": "text/html; charset=UTF-8", "cache-control": "no-store", ...headers } };
}

export function redirect(status: 301 | 302, by: string, location: string, headers: Readonly<Record<string, string>> = {}): Answer {
  return { status, by, body: "", headers: { location, "cache-control": "no-store", ...headers } };
}

/** What a firewall rule answers. */
export function blocked(by: string): Answer {
  return page(403, by, "Sorry, you have been blocked");
}

export function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll('"', "&quot;");
}
