import { code, generated, markdownTable, page } from "./markdown.ts";

/** docs/facts.md: the variable `facts`. */
export function factsPage(rows: readonly { readonly path: string; readonly type: string; readonly description: string }[]): string {
  return page(
    generated,
    "# Facts",
    'What is known of a host once it was asked (`gather_facts`, on by default). In templates `{{ facts.os.id }}`, in conditions `facts.os.id == "debian"`.',
    markdownTable(
      ["fact", "type", "meaning"],
      rows.map((r) => [code(r.path), r.type, r.description]),
    ),
  );
}
