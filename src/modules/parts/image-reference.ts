/** `registry:5000/group/name:tag@sha256:...` taken apart. */
export interface ImageReference {
  readonly name: string;
  readonly tag?: string;
  /** `sha256:...` */
  readonly digest?: string;
}

const form =
  /^((?:[A-Za-z0-9.-]+(?::\d+)?\/)?[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*(?:\/[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*)*)(?::([A-Za-z0-9_][A-Za-z0-9_.-]{0,127}))?(?:@(sha256:[0-9a-f]{64}))?$/;

/** Undefined for what is no name of an image. */
export function imageReference(text: string): ImageReference | undefined {
  const [all, name = "", tag, digest] = form.exec(text) ?? [];
  return all === undefined ? undefined : { name, ...(tag !== undefined && { tag }), ...(digest !== undefined && { digest }) };
}

/** The registry of a name, "" for the engine's own. */
export function registryOf(name: string): string {
  const [first = "", ...rest] = name.split("/");
  return rest.length > 0 && (/[.:]/.test(first) || first === "localhost") ? first : "";
}
