import { sysctlName } from "../../facts/sysctl.ts";

/** The text of a sysctl.d file in which this parameter has this value once; null takes it out. Everything else stays. */
export function setParameter(text: string, name: string, value: string | null): string {
  const lines = text === "" ? [] : text.replace(/\n$/, "").split("\n");
  const isIt = (line: string): boolean => nameIn(line) === sysctlName(name);
  if (value === null) return join(lines.filter((line) => !isIt(line)));
  const places = lines.flatMap((line, i) => (isIt(line) ? [i] : []));
  const last = places.at(-1);
  if (last === undefined) return join([...lines, `${name} = ${value}`]);
  if (places.length === 1 && valueIn(lines[last] ?? "") === normal(value)) return text;
  return join(lines.map((line, i) => (i === last ? `${name} = ${value}` : line)).filter((_, i) => i === last || !places.includes(i)));
}

/** What a sysctl.d file sets this parameter to; several values with commas, undefined for none. */
export function parameterIn(text: string, name: string): string | undefined {
  const values = text.split("\n").flatMap((line) => (nameIn(line) === sysctlName(name) ? [valueIn(line)] : []));
  return values.length === 0 ? undefined : values.join(", ");
}

/** Blanks as the kernel prints them: single spaces. */
export function normal(value: string): string {
  return value.trim().replace(/\s+/g, " ");
}

function nameIn(line: string): string | undefined {
  const name = /^\s*-?\s*([^\s#;=][^\s=]*)\s*=/.exec(line)?.[1];
  return name === undefined ? undefined : sysctlName(name);
}

function valueIn(line: string): string {
  return normal(line.slice(line.indexOf("=") + 1));
}

function join(lines: readonly string[]): string {
  return lines.length === 0 ? "" : `${lines.join("\n")}\n`;
}
