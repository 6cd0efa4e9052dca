/** Where an entry stands in a play: indices from the outside in. Two hosts compare their places by it, whatever was included on one of them. */
export type TaskPath = readonly number[];

/** Negative when `a` stands before `b`. */
export function comparePaths(a: TaskPath, b: TaskPath): number {
  for (let i = 0; i < Math.max(a.length, b.length); i++) {
    const difference = (a[i] ?? -1) - (b[i] ?? -1);
    if (difference !== 0) return difference;
  }
  return 0;
}

export function pathKey(path: TaskPath): string {
  return path.join(".");
}
