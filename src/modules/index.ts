import type { Module } from "../kernel/module.ts";
import { authorizedKey } from "./accounts/authorized_key.ts";
import { group } from "./accounts/group.ts";
import { user } from "./accounts/user.ts";
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
import { command } from "./commands/command.ts";
import { shell } from "./commands/shell.ts";
import { assert } from "./course/assert.ts";
import { debug } from "./course/debug.ts";
import { fail } from "./course/fail.ts";
import { pause } from "./course/pause.ts";
import { ping } from "./course/ping.ts";
import { setFact } from "./course/set_fact.ts";
import { waitFor } from "./course/wait_for.ts";
import { waitForConnection } from "./course/wait_for_connection.ts";
import { dockerCompose } from "./docker/docker_compose.ts";
import { dockerImage } from "./docker/docker_image.ts";
import { dockerNetwork } from "./docker/docker_network.ts";
import { archive } from "./files/archive.ts";
import { blockinfile } from "./files/blockinfile.ts";
import { copy } from "./files/copy.ts";
import { fetch } from "./files/fetch.ts";
import { file } from "./files/file.ts";
import { find } from "./files/find.ts";
import { htpasswd } from "./files/htpasswd.ts";
import { iniFile } from "./files/ini_file.ts";
import { jsonPatch } from "./files/json_patch.ts";
import { lineinfile } from "./files/lineinfile.ts";
import { stat } from "./files/stat.ts";
import { template } from "./files/template.ts";
import { unarchive } from "./files/unarchive.ts";
import { xml } from "./files/xml.ts";
import { nftables } from "./firewall/nftables.ts";
import { ufw } from "./firewall/ufw.ts";
import { jellyfinBackup } from "./jellyfin/jellyfin_backup.ts";
import { jellyfinConfiguration } from "./jellyfin/jellyfin_configuration.ts";
import { jellyfinLibrary } from "./jellyfin/jellyfin_library.ts";
import { jellyfinLogin } from "./jellyfin/jellyfin_login.ts";
import { jellyfinPluginRepositories } from "./jellyfin/jellyfin_plugin_repositories.ts";
import { jellyfinServer } from "./jellyfin/jellyfin_server.ts";
import { jellyfinUser } from "./jellyfin/jellyfin_user.ts";
import { apt } from "./packages/apt.ts";
import { deb822Repository } from "./packages/deb822_repository.ts";
import { routerFacts } from "./router/router_facts.ts";
import { routerForward } from "./router/router_forward.ts";
import { routerPinhole } from "./router/router_pinhole.ts";
import { routerReservation } from "./router/router_reservation.ts";
import { kernelModule } from "./system/kernel_module.ts";
import { mount } from "./system/mount.ts";
import { reboot } from "./system/reboot.ts";
import { sysctl } from "./system/sysctl.ts";
import { systemd } from "./system/systemd.ts";
import { timer } from "./system/timer.ts";
import { getUrl } from "./web/get_url.ts";
import { uri } from "./web/uri.ts";
import { x509Certificate } from "./x509/x509_certificate.ts";
import { x509CertificateInfo } from "./x509/x509_certificate_info.ts";
import { x509Csr } from "./x509/x509_csr.ts";
import { x509Key } from "./x509/x509_key.ts";

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
