export { isSource, readSource } from "./file.ts";
export { parseYaml } from "./yaml.ts";
