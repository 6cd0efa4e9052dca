import { refuse } from "../kernel/diagnostic.ts";
import type { Span } from "../kernel/span.ts";

/** The names of a host line: `web[01:03]` is web01, web02, web03; `db-[a:c]` and a step (`[1:9:2]`) work as in Ansible. */
export function expandRange(name: string, at: Span): readonly string[] {
  const found = /^(.*?)\[([^\]]*)\](.*)$/s.exec(name);
  if (!found) return [name];
  const [, before = "", range = "", behind = ""] = found;
  const tails = expandRange(behind, at);
  return rangeItems(range, at).flatMap((item) => tails.map((tail) => before + item + tail));
}

const most = 10_000;

function rangeItems(range: string, at: Span): readonly string[] {
  const [first = "", last = "", step = "1", ...more] = range.split(":");
  const stride = Number(step);
  if (more.length > 0 || last === "" || !Number.isInteger(stride) || stride < 1) return wrong(range, at);
  if (/^\d+$/.test(first) && /^\d+$/.test(last)) {
    const width = first.startsWith("0") && first.length > 1 ? first.length : 0;
    if (width > 0 && first.length !== last.length)
      return refuse(`the two ends of the range [${range}] have different lengths`, at, `write [${first}:${last.padStart(width, "0")}]`);
    return steps(Number(first), Number(last), stride, range, at).map((n) => String(n).padStart(width, "0"));
  }
  if (/^[a-zA-Z]$/.test(first) && /^[a-zA-Z]$/.test(last)) {
    return steps(first.charCodeAt(0), last.charCodeAt(0), stride, range, at).map((c) => String.fromCharCode(c));
  }
  return wrong(range, at);
}

function steps(from: number, to: number, stride: number, range: string, at: Span): number[] {
  if (from > to) return refuse(`the range [${range}] runs backwards`, at, "write the smaller end first");
  const count = Math.floor((to - from) / stride) + 1;
  if (count > most) return refuse(`the range [${range}] names ${count} hosts, at most ${most} are allowed`, at);
  return Array.from({ length: count }, (_, i) => from + i * stride);
}

function wrong(range: string, at: Span): never {
  return refuse(`[${range}] is not a range`, at, "write [01:10], [a:f], or [1:9:2] with a step");
}
