import { ok, page } from "../reply.ts";
import { hexId } from "../state.ts";
import type { Routes } from "./routes.ts";

export const tokenRoutes: Routes = {
  "GET /user/tokens/verify": () => ok({ id: hexId(), status: "active" }),
  "GET /accounts/{account_id}/tokens/verify": () => ok({ id: hexId(), status: "active" }),
  "GET /ips": () =>
    ok({ etag: "38f79d050aa027e3be3865e495dcc9bc", ipv4_cidrs: ["173.245.48.0/20", "103.21.244.0/22"], ipv6_cidrs: ["2400:cb00::/32"] }),
  "GET /accounts/{account_id}/entitlements": (asked) => page([], asked),
};
