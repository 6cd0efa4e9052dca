import type { Secret } from "./value.ts";

/**
 * What the engine does to a raw argument before the schema sees it.
 * file: a path of the controller becomes a LocalFile. template: a path becomes a RenderedTemplate.
 * conditions: CEL text or a list of it becomes EvaluatedCondition[]. variable: a name becomes the value.
 * archive: as file, but an address of the web, and with `remote_src: true` a path of the target, stay texts.
 * fetched: a path of the controller becomes the LocalPlace of what comes from `src` of this host.
 */
export type ArgumentInput = "file" | "template" | "conditions" | "variable" | "archive" | "fetched";

/** A file of the controller, found in the role's files/ or beside the playbook. */
export interface LocalFile {
  /** As the user wrote it. */
  readonly name: string;
  /** Absolute. */
  readonly path: string;
  readonly size: number;
  readonly sha256: string;
  /** The text when it is at most 256 KiB of UTF-8 without NUL, else undefined. */
  readonly text?: string;
}

/** A place on the controller for a file that comes from a host, and what stood there when the task was looked at. */
export interface LocalPlace {
  /** As the user wrote it. */
  readonly name: string;
  /** Absolute. */
  readonly path: string;
  readonly type: "absent" | "file" | "directory" | "other";
  /** In hex, of a file that can be read. */
  readonly sha256?: string;
}

export interface RenderedTemplate {
  readonly name: string;
  readonly text: string | Secret;
}

export interface EvaluatedCondition {
  readonly text: string;
  readonly holds: boolean;
}
