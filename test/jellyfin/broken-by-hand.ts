import type { TestHost } from "../hosts/attached.ts";
import type { visitors } from "./visitor.ts";

/** Breaks every control of the role that a hand can break, on the host and by the API, and tells the tasks that hold them. */
export async function brokenByHand(host: TestHost, visitor: ReturnType<typeof visitors>, password: string): Promise<string[]> {
  const token = String((await visitor.login("ada", password)).body.AccessToken);
  const system = (await visitor.ask("GET", "/System/Configuration", { token })).body;
  const PluginRepositories = [{ Name: "strange", Url: "https://example.net/x", Enabled: true }];
  await visitor.ask("POST", "/System/Configuration", { token, body: { ...system, QuickConnectAvailable: true, PluginRepositories } });
  const encoding = (await visitor.ask("GET", "/System/Configuration/encoding", { token })).body;
  await visitor.ask("POST", "/System/Configuration/encoding", { token, body: { ...encoding, AllowAv1Encoding: true } });
  const network = (await visitor.ask("GET", "/System/Configuration/network", { token })).body;
  await visitor.ask("POST", "/System/Configuration/network", { token, body: { ...network, EnableRemoteAccess: false } });
  const users = Object.values((await visitor.ask("GET", "/Users", { token })).body) as { Id: string; Name: string; Policy: object }[];
  for (const user of users)
    await visitor.ask("POST", `/Users/${user.Id}/Policy`, {
      token,
      body: {
        ...user.Policy,
        ...(user.Name === "child" ? { MaxParentalRating: 18 } : { EnableRemoteAccess: true, EnablePublicSharing: true }),
      },
    });
  await visitor.ask("DELETE", "/Library/VirtualFolders?name=Films", { token });
  await host.out(`
    cd /srv/jellyfin/config/config &&
    sed -i -e 's/<EnableUPnP>false/<EnableUPnP>true/' -e 's/172.20.0.1</172.20.0.9</' -e 's/192.168.0.0/192.0.0.0/' network.xml &&
    sed -i 's/: 10,/: 1,/' logging.json && chmod 0755 . && echo other > /srv/jellyfin/image &&
    sed -i 's/read_only: true/read_only: false/' /opt/jellyfin/compose.yml && chmod 0777 /opt/jellyfin /srv/jellyfin &&
    usermod -s /bin/sh jellyfin`);
  return [
    "jellyfin : Make the account of the server",
    "jellyfin : Make the folder of its data",
    "jellyfin : Make the folders that it may write to",
    "jellyfin : Make the folder of its compose file",
    "jellyfin : Hold its network settings",
    "jellyfin : Believe the proxy only",
    "jellyfin : Know who is in the LAN",
    "jellyfin : Keep its logs",
    "jellyfin : Write its compose file",
    "jellyfin : Note which image its data are of",
    "jellyfin : Let the administrator in from the LAN only",
    "jellyfin : Close what a login does not need",
    "jellyfin : Convert with what the host has",
    "jellyfin : Take plugins from the project only",
    "jellyfin : Answer visitors from outside",
    "jellyfin : Hold the libraries",
    "jellyfin : Hold the users",
    "jellyfin : Keep the young from what is not for them",
  ];
}
