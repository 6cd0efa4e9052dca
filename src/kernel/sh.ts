/** Shell text whose every inserted value was quoted. Only `sh` and `joinShell` make one, so no raw text reaches a shell. */
export class Shell {
  readonly text: string;
  private constructor(text: string) {
    this.text = text;
  }
  /** For text that is a program already: written by us as a constant, or by the user in a `shell` task. */
  static trusted(text: string): Shell {
    return new Shell(text);
  }
}

type Piece = string | number | Shell | readonly (string | number)[];

/** Quotes every value: `` sh`ls -ldn -- ${paths}` ``. A list becomes one word per item; a Shell goes in as it is. */
export function sh(strings: TemplateStringsArray, ...values: readonly Piece[]): Shell {
  let text = strings.raw[0] ?? "";
  values.forEach((value, i) => {
    text += word(value) + (strings.raw[i + 1] ?? "");
  });
  return Shell.trusted(text);
}

export function joinShell(parts: readonly Shell[], separator = "\n"): Shell {
  return Shell.trusted(parts.map((p) => p.text).join(separator));
}

/** One word for a POSIX shell. NUL cannot be in a word and is a bug of the caller. */
export function quote(text: string): string {
  if (text.includes("\0")) throw new Error("a NUL byte cannot be passed to a shell");
  return /^[A-Za-z0-9_/.,:@%+=-]+$/.test(text) && !text.startsWith("=") ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

function word(value: Piece): string {
  if (value instanceof Shell) return value.text;
  if (typeof value === "string") return quote(value);
  if (typeof value === "number") return String(value);
  return value.map((v) => quote(String(v))).join(" ");
}
