import { z } from "zod";

/** Seconds. */
export const timeUnits = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 } as const;

/** Bytes. */
export const byteUnits = { b: 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3, t: 1024 ** 4 } as const;

/** A number with a unit, `-10d`; a number alone counts the smallest unit. */
export function amount(units: Readonly<Record<string, number>>, error: string) {
  const form = new RegExp(`^(-?\\d{1,12})([${Object.keys(units).join("")}]?)$`);
  return z.union([z.int(), z.string().regex(form, error)]).transform((value) => {
    const [, number = "", unit = ""] = form.exec(String(value).toLowerCase()) ?? [];
    return Number(number) * (units[unit] ?? 1);
  });
}
