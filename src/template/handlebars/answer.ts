/** What another language's form is called, and how it is written here. */
export interface Answer {
  readonly message: string;
  readonly help: string;
  /** Offset inside of the braces; the whole inside where it is missing. */
  readonly at?: number;
  readonly length?: number;
}
