import type { Fact } from "../kernel/fact.ts";
import { account } from "./account.ts";
import { aptLists } from "./apt-lists.ts";
import { authorizedKeys } from "./authorized-keys.ts";
import { autoremovable } from "./autoremovable.ts";
import { awaited } from "./awaited.ts";
import { boot } from "./boot.ts";
import { buildContext } from "./build-context.ts";
import { candidate } from "./candidate.ts";
import { cloudflareGroup, cloudflarePolicy } from "./cloudflare/access.ts";
import { cloudflareApp } from "./cloudflare/access-app.ts";
import { cloudflareBots } from "./cloudflare/bots.ts";
import { cloudflareExport } from "./cloudflare/export.ts";
import { cloudflareGateway, cloudflareGatewayPolicy } from "./cloudflare/gateway.ts";
import { cloudflareIdentity } from "./cloudflare/identity.ts";
import { cloudflareMembers } from "./cloudflare/members.ts";
import { cloudflareOriginCertificates, cloudflareOriginPulls } from "./cloudflare/origin.ts";
import { cloudflareOwn } from "./cloudflare/own.ts";
import { cloudflarePermission } from "./cloudflare/permission.ts";
import { cloudflareDns } from "./cloudflare/record.ts";
import { cloudflareRecords } from "./cloudflare/records.ts";
import { cloudflareManaged, cloudflareRuleset } from "./cloudflare/ruleset.ts";
import { cloudflareTrial } from "./cloudflare/ruleset-trial.ts";
import { cloudflareSetting } from "./cloudflare/setting.ts";
import { cloudflareZone } from "./cloudflare/zone.ts";
import { composeProject } from "./compose-project.ts";
import { dockerImage } from "./docker-image.ts";
import { dockerNetwork } from "./docker-network.ts";
import { found } from "./found.ts";
import { group } from "./group.ts";
import { http } from "./http.ts";
import { jellyfinLogin } from "./jellyfin/login.ts";
import { jellyfinServer } from "./jellyfin/server.ts";
import { kernelModule } from "./kernel-module.ts";
import { mount } from "./mount.ts";
import { newAccounts } from "./new-accounts.ts";
import { nftables } from "./nftables.ts";
import { offer } from "./offer.ts";
import { packageFact } from "./package.ts";
import { packed } from "./packed.ts";
import { path } from "./path.ts";
import { probe } from "./probe.ts";
import { program } from "./program.ts";
import { publicKey } from "./public-key.ts";
import { bboxRouter } from "./router/bbox.ts";
import { freeboxRouter } from "./router/freebox.ts";
import { liveboxRouter } from "./router/livebox.ts";
import { nftablesRouter } from "./router/nftables.ts";
import { openwrtRouter } from "./router/openwrt.ts";
import { opnsenseRouter } from "./router/opnsense.ts";
import { routerosRouter } from "./router/routeros.ts";
import { upnpRouter } from "./router/upnp.ts";
import { sysctl } from "./sysctl.ts";
import { system } from "./system.ts";
import { timer } from "./timer.ts";
import { ufw } from "./ufw.ts";
import { unit } from "./unit.ts";
import { unitsStale } from "./units-stale.ts";
import { unpacked } from "./unpacked.ts";
import { user } from "./user.ts";

/** Every kind of question, for the manual and the tests that hold for all of them. */
export const facts: readonly Fact<never, unknown>[] = [
  account.fact,
  aptLists.fact,
  authorizedKeys.fact,
  autoremovable.fact,
  awaited.fact,
  boot.fact,
  buildContext.fact,
  candidate.fact,
  cloudflareApp.fact,
  cloudflareBots.fact,
  cloudflareDns.fact,
  cloudflareExport.fact,
  cloudflareGateway.fact,
  cloudflareGatewayPolicy.fact,
  cloudflareGroup.fact,
  cloudflareIdentity.fact,
  cloudflareManaged.fact,
  cloudflareMembers.fact,
  cloudflareOriginCertificates.fact,
  cloudflareOriginPulls.fact,
  cloudflareOwn.fact,
  cloudflarePermission.fact,
  cloudflarePolicy.fact,
  cloudflareRecords.fact,
  cloudflareRuleset.fact,
  cloudflareSetting.fact,
  cloudflareTrial.fact,
  cloudflareZone.fact,
  composeProject.fact,
  dockerImage.fact,
  dockerNetwork.fact,
  found.fact,
  group.fact,
  http.fact,
  jellyfinLogin.fact,
  jellyfinServer.fact,
  kernelModule.fact,
  mount.fact,
  newAccounts.fact,
  nftables.fact,
  offer.fact,
  packageFact.fact,
  packed.fact,
  path.fact,
  probe.fact,
  program.fact,
  nftablesRouter.fact,
  openwrtRouter.fact,
  upnpRouter.fact,
  freeboxRouter.fact,
  liveboxRouter.fact,
  bboxRouter.fact,
  routerosRouter.fact,
  opnsenseRouter.fact,
  publicKey.fact,
  sysctl.fact,
  system.fact,
  timer.fact,
  ufw.fact,
  unit.fact,
  unitsStale.fact,
  unpacked.fact,
  user.fact,
];
