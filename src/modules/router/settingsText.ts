import type { RouterState } from "../../facts/router/state.ts";

/** What somebody set up in a router, as JSON for a backup: without the router's own numbers and without what the line gives, each list in its order. */
export function settingsText(driver: string, state: RouterState): string {
  const { firewall6, upnp, firmware } = state.line;
  const settings = {
    driver,
    firmware,
    ipv6_firewall: firewall6,
    upnp,
    forwards: entries(state.forwards),
    reservations: entries(state.reservations),
    pinholes: entries(state.pinholes),
  };
  return `${JSON.stringify(settings, null, 2)}\n`;
}

function entries<T extends { readonly id: string | null; readonly name: string | null }>(list: readonly T[] | null) {
  return (
    list
      ?.map(({ id: _id, name: _name, ...kept }) => JSON.stringify(kept))
      .sort()
      .map((line): unknown => JSON.parse(line)) ?? null
  );
}
