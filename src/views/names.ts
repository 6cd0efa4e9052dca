/** What `--output` takes. */
export const viewNames = ["terminal", "plain", "json", "quiet"] as const;

export type ViewName = (typeof viewNames)[number];
