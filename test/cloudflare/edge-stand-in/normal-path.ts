/** A path as rules see it by default: unreserved characters decoded, other escapes in capitals, one slash for many, dot segments taken out. */
export function normalPath(raw: string): string {
  const decoded = raw
    .replaceAll("\\", "/")
    .replace(/%([0-9a-fA-F]{2})/g, (triplet, hex: string) => {
      const character = String.fromCharCode(Number.parseInt(hex, 16));
      return /[A-Za-z0-9._~-]/.test(character) ? character : triplet.toUpperCase();
    })
    .replace(/[^\x21-\x7e]/g, (character) => encodeURIComponent(character))
    .replace(/\/{2,}/g, "/");
  const kept: string[] = [];
  const segments = decoded.split("/").slice(1);
  for (const [i, segment] of segments.entries()) {
    const last = i === segments.length - 1;
    if (segment === "..") kept.pop();
    if (segment !== "." && segment !== "..") kept.push(segment);
    else if (last) kept.push("");
  }
  return `/${kept.join("/")}`;
}
