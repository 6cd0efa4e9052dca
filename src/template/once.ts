/** What was made for this key, or what `make` makes of it now. */
export function once<K extends object, V>(made: WeakMap<K, V>, key: K, make: (key: K) => V): V {
  const known = made.get(key);
  if (known !== undefined) return known;
  const fresh = make(key);
  made.set(key, fresh);
  return fresh;
}
