/** Something is stored that the stand-in does not know. The request that meets it is answered 501, and it is told at the end of a test. */
export class NotKnown extends Error {}

/** Refuses an object with a key that is not in the list, so that nothing with a meaning is passed over. */
export function onlyKeys(object: object, keys: readonly string[], where: string): void {
  const other = Object.keys(object).find((key) => !keys.includes(key));
  if (other !== undefined) throw new NotKnown(`${where}: the key ${other}`);
}

/** Refuses a value that is not one of these. */
export function oneOf(value: unknown, values: readonly unknown[], where: string): void {
  if (!values.includes(value)) throw new NotKnown(`${where}: the value ${JSON.stringify(value)}`);
}
