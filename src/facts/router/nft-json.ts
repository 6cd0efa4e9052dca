/** A rule as `nft -j` tells it, or a chain: only what is read here. */
export interface NftObject {
  readonly rule?: {
    readonly family: string;
    readonly table: string;
    readonly chain: string;
    readonly handle?: number;
    readonly comment?: string;
    readonly expr: unknown[];
  };
  readonly chain?: {
    readonly family: string;
    readonly table: string;
    readonly name: string;
    readonly hook?: string;
    readonly policy?: string;
  };
}

/** One object of the list, with what stood between it and the next. */
export function nftObject(line: string): NftObject {
  return JSON.parse(line.replace(/(, *|\]\} *)$/, "")) as NftObject;
}

/** An expression in the words of nft(8), names of sets in order; undefined for what is not among the rules that are read here. */
export function nftWords(expr: readonly unknown[]): string | undefined {
  const words = expr.filter((e) => !isMap(e) || !("counter" in e)).map(statement);
  return words.includes(undefined) ? undefined : words.join(" ");
}

function statement(e: unknown): string | undefined {
  if (!isMap(e)) return undefined;
  const [[kind, of] = ["", null]] = Object.entries(e);
  if (kind === "accept" || kind === "drop" || kind === "masquerade") return kind;
  if (!isMap(of)) return undefined;
  if (kind === "match") return match(of);
  if (kind === "dnat") return dnat(of);
  return undefined;
}

function match(of: Readonly<Record<string, unknown>>): string | undefined {
  const [left, right] = [subject(of.left), value(of.right)];
  if (left === undefined || right === undefined) return undefined;
  const op = of.op === "==" || of.op === "in" ? "" : ` ${String(of.op)}`;
  return `${left}${op} ${right}`;
}

function dnat(of: Readonly<Record<string, unknown>>): string | undefined {
  if (typeof of.addr !== "string") return undefined;
  const port = of.port === undefined ? "" : value(of.port);
  if (port === undefined) return undefined;
  return `dnat ${typeof of.family === "string" ? of.family : "ip"} to ${of.addr}${port === "" ? "" : `:${port}`}`;
}

function subject(left: unknown): string | undefined {
  if (!isMap(left)) return undefined;
  const { meta, payload, ct } = left;
  if (isMap(meta)) return String(meta.key);
  if (isMap(payload)) return `${String(payload.protocol)} ${String(payload.field)}`;
  return isMap(ct) ? `ct ${String(ct.key)}` : undefined;
}

function value(right: unknown): string | undefined {
  if (typeof right === "string" || typeof right === "number") return String(right);
  if (Array.isArray(right)) return listed(right);
  if (!isMap(right)) return undefined;
  if (Array.isArray(right.set)) return listed(right.set);
  if (isMap(right.prefix)) return `${String(right.prefix.addr)}/${String(right.prefix.len)}`;
  if (Array.isArray(right.range)) return right.range.map(String).join("-");
  return undefined;
}

function listed(items: readonly unknown[]): string | undefined {
  const words = items.map(value);
  return words.includes(undefined) ? undefined : words.toSorted((a, b) => (String(a) < String(b) ? -1 : 1)).join(",");
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
