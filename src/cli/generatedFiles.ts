import { join } from "node:path";
import { z } from "zod";
import { systemTable } from "../facts/system.ts";
import { planFile } from "../kernel/planfile.ts";
import { eventsPage } from "../manual/eventsPage.ts";
import { factsPage } from "../manual/factsPage.ts";
import { languagePage } from "../manual/languagePage.ts";
import { moduleIndex, modulePage } from "../manual/modulePage.ts";
import { modules } from "../modules/index.ts";
import { keywords } from "../playbook/keywords.ts";
import { templateManual } from "../template/manual.ts";
import { jsonEvents } from "../views/json-schema.ts";
import { playbookSchema } from "./playbookSchema.ts";
import { findRoles } from "./roleFolders.ts";
import { rolePage } from "./rolePage.ts";

/** Every file of the repository that is written from records: path and text. Run it in the repository's folder. */
export function generatedFiles(): [path: string, text: string][] {
  return [
    ...modules.map((m): [string, string] => [`docs/modules/${m.name}.md`, modulePage(m)]),
    ["docs/modules/README.md", moduleIndex(modules)],
    ["docs/events.md", eventsPage(jsonEvents)],
    ["docs/facts.md", factsPage(systemTable)],
    ["docs/language.md", languagePage(keywords)],
    ["docs/templates.md", templateManual()],
    ["docs/schema/plan.json", `${JSON.stringify(z.toJSONSchema(planFile), null, 2)}\n`],
    ["docs/schema/playbook.json", `${JSON.stringify(playbookSchema(), null, 2)}\n`],
    ...findRoles().map((r): [string, string] => [join(r.dir, "README.md"), rolePage(r)]),
  ];
}
