import { encodingHelpers } from "./encodingHelpers.ts";
import type { Helper } from "./helper.ts";
import { listHelpers } from "./listHelpers.ts";
import { logicHelpers } from "./logicHelpers.ts";
import { lookupHelpers } from "./lookupHelpers.ts";
import { textHelpers } from "./textHelpers.ts";

/** The closed list of helpers. */
export const helpers: readonly Helper[] = [...logicHelpers, ...lookupHelpers, ...textHelpers, ...listHelpers, ...encodingHelpers];

/** The helpers by name. */
export const helperByName: ReadonlyMap<string, Helper> = new Map(helpers.map((h) => [h.name, h]));
