/** The command line asks for something that does not exist. Told without a stack trace; exit code 3. */
export class UsageError extends Error {
  readonly help?: string;
  constructor(message: string, help?: string) {
    super(message);
    this.name = "UsageError";
    if (help !== undefined) this.help = help;
  }
}
