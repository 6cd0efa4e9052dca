import type { Module } from "../kernel/module.ts";
import { apt } from "./apt.ts";
import { archive } from "./archive.ts";
import { assert } from "./assert.ts";
import { authorizedKey } from "./authorized_key.ts";
import { blockinfile } from "./blockinfile.ts";
import { cloudflareAccessApp } from "./cloudflare/cloudflare_access_app.ts";
import { cloudflareAccessGroup } from "./cloudflare/cloudflare_access_group.ts";
import { cloudflareAccessPolicy } from "./cloudflare/cloudflare_access_policy.ts";
import { cloudflareAccessProvider } from "./cloudflare/cloudflare_access_provider.ts";
import { cloudflareBots } from "./cloudflare/cloudflare_bots.ts";
import { cloudflareDns } from "./cloudflare/cloudflare_dns.ts";
import { cloudflareExport } from "./cloudflare/cloudflare_export.ts";
import { cloudflareGateway } from "./cloudflare/cloudflare_gateway.ts";
import { cloudflareGatewayPolicy } from "./cloudflare/cloudflare_gateway_policy.ts";
import { cloudflareLeftovers } from "./cloudflare/cloudflare_leftovers.ts";
import { cloudflareMembers } from "./cloudflare/cloudflare_members.ts";
import { cloudflareOriginCertificate } from "./cloudflare/cloudflare_origin_certificate.ts";
import { cloudflareOriginPulls } from "./cloudflare/cloudflare_origin_pulls.ts";
import { cloudflareRecords } from "./cloudflare/cloudflare_records.ts";
import { cloudflareRuleset } from "./cloudflare/cloudflare_ruleset.ts";
import { cloudflareSetting } from "./cloudflare/cloudflare_setting.ts";
import { cloudflareToken } from "./cloudflare/cloudflare_token.ts";
import { cloudflareZone } from "./cloudflare/cloudflare_zone.ts";
import { command } from "./command.ts";
import { copy } from "./copy.ts";
import { deb822Repository } from "./deb822_repository.ts";
import { debug } from "./debug.ts";
import { dockerCompose } from "./docker_compose.ts";
import { dockerImage } from "./docker_image.ts";
import { dockerNetwork } from "./docker_network.ts";
import { fail } from "./fail.ts";
import { fetch } from "./fetch.ts";
import { file } from "./file.ts";
import { find } from "./find.ts";
import { getUrl } from "./get_url.ts";
import { group } from "./group.ts";
import { htpasswd } from "./htpasswd.ts";
import { iniFile } from "./ini_file.ts";
import { jellyfinBackup } from "./jellyfin/jellyfin_backup.ts";
import { jellyfinConfiguration } from "./jellyfin/jellyfin_configuration.ts";
import { jellyfinLibrary } from "./jellyfin/jellyfin_library.ts";
import { jellyfinLogin } from "./jellyfin/jellyfin_login.ts";
import { jellyfinPluginRepositories } from "./jellyfin/jellyfin_plugin_repositories.ts";
import { jellyfinServer } from "./jellyfin/jellyfin_server.ts";
import { jellyfinUser } from "./jellyfin/jellyfin_user.ts";
import { jsonPatch } from "./json_patch.ts";
import { kernelModule } from "./kernel_module.ts";
import { lineinfile } from "./lineinfile.ts";
import { mount } from "./mount.ts";
import { nftables } from "./nftables.ts";
import { pause } from "./pause.ts";
import { ping } from "./ping.ts";
import { reboot } from "./reboot.ts";
import { routerFacts } from "./router_facts.ts";
import { routerForward } from "./router_forward.ts";
import { routerPinhole } from "./router_pinhole.ts";
import { routerReservation } from "./router_reservation.ts";
import { setFact } from "./set_fact.ts";
import { shell } from "./shell.ts";
import { stat } from "./stat.ts";
import { sysctl } from "./sysctl.ts";
import { systemd } from "./systemd.ts";
import { template } from "./template.ts";
import { timer } from "./timer.ts";
import { ufw } from "./ufw.ts";
import { unarchive } from "./unarchive.ts";
import { uri } from "./uri.ts";
import { user } from "./user.ts";
import { waitFor } from "./wait_for.ts";
import { waitForConnection } from "./wait_for_connection.ts";
import { x509Certificate } from "./x509_certificate.ts";
import { x509CertificateInfo } from "./x509_certificate_info.ts";
import { x509Csr } from "./x509_csr.ts";
import { x509Key } from "./x509_key.ts";
import { xml } from "./xml.ts";

/** Every module. */
export const modules: readonly Module[] = [
  apt,
  archive,
  assert,
  authorizedKey,
  blockinfile,
  cloudflareAccessApp,
  cloudflareAccessGroup,
  cloudflareAccessPolicy,
  cloudflareAccessProvider,
  cloudflareBots,
  cloudflareDns,
  cloudflareExport,
  cloudflareGateway,
  cloudflareGatewayPolicy,
  cloudflareLeftovers,
  cloudflareMembers,
  cloudflareOriginCertificate,
  cloudflareOriginPulls,
  cloudflareRecords,
  cloudflareRuleset,
  cloudflareSetting,
  cloudflareToken,
  cloudflareZone,
  command,
  copy,
  deb822Repository,
  debug,
  dockerCompose,
  dockerImage,
  dockerNetwork,
  fail,
  fetch,
  file,
  find,
  getUrl,
  group,
  htpasswd,
  iniFile,
  jellyfinBackup,
  jellyfinConfiguration,
  jellyfinLibrary,
  jellyfinLogin,
  jellyfinPluginRepositories,
  jellyfinServer,
  jellyfinUser,
  jsonPatch,
  kernelModule,
  lineinfile,
  mount,
  nftables,
  pause,
  ping,
  reboot,
  routerFacts,
  routerForward,
  routerPinhole,
  routerReservation,
  setFact,
  shell,
  stat,
  sysctl,
  systemd,
  template,
  timer,
  ufw,
  unarchive,
  uri,
  user,
  waitFor,
  x509Certificate,
  x509CertificateInfo,
  x509Csr,
  x509Key,
  xml,
  waitForConnection,
];
