/** What is looked for below folders. */
export interface FoundKey {
  readonly paths: readonly string[];
  /** Shell patterns of which the name must fit one; none: all names. */
  readonly names: readonly string[];
  /** Shell patterns of which it may fit none. */
  readonly not: readonly string[];
  readonly type: "file" | "directory" | "link" | "any";
  /** Folders below one another; 1 is what lies in the folders themselves. null: all. */
  readonly depth: number | null;
  /** Names that begin with a dot too. */
  readonly hidden: boolean;
  /** Seconds: at least so old, or with a minus at most. */
  readonly age?: number;
  readonly stamp?: "mtime" | "atime" | "ctime";
  /** Bytes of a file: at least so large, or with a minus at most. */
  readonly size?: number;
  /** For grep -E: a line of the file. */
  readonly line?: string;
  readonly digest: boolean;
}

/** More names than this are no answer. */
export const mostNames = 10_000;
