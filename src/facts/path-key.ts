/**
 * What is asked of a path: its listing alone, or also whether its content is the wanted one, its digest
 * whatever its size, or the content itself.
 */
export interface PathKey {
  /** Absolute, without a newline. The last part is not followed when it is a symbolic link. */
  readonly path: string;
  readonly want?: { readonly size: number; readonly sha256: string } | "digest" | "content";
  /** Whoever asks can also do with a prediction that only says that something will be there. */
  readonly orSomething?: true;
}

/** Beyond this a file that differs from the wanted one shows no content. */
export const diffLimit = 64 * 1024;
/** Up to this a file that is no text for a diff, and differs from the wanted one, is told by its digest. */
export const digestLimit = 64 * 1024 * 1024;
/** Beyond this `want: "content"` gives none. */
export const contentLimit = 1024 * 1024;
