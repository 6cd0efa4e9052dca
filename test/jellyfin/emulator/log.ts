import { appendFileSync, mkdirSync } from "node:fs";
import { join } from "node:path";

const logger = "Jellyfin.Server.Implementations.Users.UserManager";

/** Jellyfin's two forms of a line: the file puts texts into quotes, the console does not. */
export class Log {
  readonly #folder: string;
  readonly #say: (line: string) => void;

  constructor(config: string, say: (line: string) => void) {
    this.#folder = join(config, "log");
    this.#say = say;
    mkdirSync(this.#folder, { recursive: true });
  }

  /** `words` with {} for each value. */
  users(words: string, ...values: readonly string[]): void {
    const filled = (quote: string): string => {
      let i = 0;
      return words.replaceAll("{}", () => `${quote}${values[i++] ?? ""}${quote}`);
    };
    const now = new Date().toISOString();
    const day = now.slice(0, 10).replaceAll("-", "");
    const stamp = now.replace("T", " ").replace("Z", " +00:00");
    appendFileSync(join(this.#folder, `log_${day}.log`), `[${stamp}] [INF] [12] ${logger}: ${filled('"')}\n`);
    this.#say(`[${now.slice(11, 19)}] [INF] [12] ${logger}: ${filled("")}`);
  }
}
