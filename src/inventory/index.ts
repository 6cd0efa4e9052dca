export { loadInventory } from "./inventory.ts";
