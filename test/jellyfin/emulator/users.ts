import { randomBytes, randomUUID } from "node:crypto";

export type Policy = Readonly<Record<string, unknown>>;

export interface User {
  readonly id: string;
  name: string;
  password: string;
  policy: Policy;
  wrongLogins: number;
}

export interface Session {
  readonly token: string;
  /** A key of the API has none. */
  readonly user?: string;
  readonly app: string;
  readonly device: string;
}

export interface Library {
  readonly name: string;
  readonly type: string;
  readonly id: string;
  locations: string[];
}

/** What Jellyfin keeps in its database. */
export interface Data {
  /** The release that it is of. */
  readonly version: string;
  users: User[];
  sessions: Session[];
  libraries: Library[];
}

const providers = {
  AuthenticationProviderId: "Jellyfin.Server.Implementations.Users.DefaultAuthenticationProvider",
  PasswordResetProviderId: "Jellyfin.Server.Implementations.Users.DefaultPasswordResetProvider",
};

/** A policy that says nothing. */
export const usualPolicy: Policy = {
  IsAdministrator: false,
  IsHidden: true,
  EnableCollectionManagement: false,
  EnableSubtitleManagement: false,
  EnableLyricManagement: false,
  IsDisabled: false,
  MaxParentalRating: null,
  BlockedTags: [],
  AllowedTags: [],
  EnableUserPreferenceAccess: true,
  EnableRemoteControlOfOtherUsers: false,
  EnableSharedDeviceControl: true,
  EnableRemoteAccess: true,
  EnableLiveTvManagement: true,
  EnableLiveTvAccess: true,
  EnableMediaPlayback: true,
  EnableAudioPlaybackTranscoding: true,
  EnableVideoPlaybackTranscoding: true,
  EnablePlaybackRemuxing: true,
  EnableContentDeletion: false,
  EnableContentDeletionFromFolders: [],
  EnableContentDownloading: true,
  EnableAllDevices: true,
  EnabledDevices: [],
  EnableAllChannels: true,
  EnabledChannels: [],
  EnableAllFolders: true,
  EnabledFolders: [],
  InvalidLoginAttemptCount: 0,
  LoginAttemptsBeforeLockout: -1,
  MaxActiveSessions: 0,
  EnablePublicSharing: true,
  RemoteClientBitrateLimit: 0,
  SyncPlayAccess: "CreateAndJoinGroups",
};

export function newUser(name: string, password: string, admin = false): User {
  const policy = { ...usualPolicy, ...providers, IsAdministrator: admin, ...(admin && { EnableContentDeletion: true }) };
  return { id: randomUUID().replaceAll("-", ""), name, password, policy, wrongLogins: 0 };
}

export function newToken(): string {
  return randomBytes(16).toString("hex");
}

/** Takes the whole policy: what it does not name falls back. Why not, when it may not be taken. */
export function takePolicy(user: User, given: Policy, all: readonly User[]): { readonly status: number; readonly why: string } | undefined {
  for (const needed of Object.keys(providers))
    if (typeof given[needed] !== "string" || given[needed] === "") return { status: 400, why: `The ${needed} field is required.` };
  for (const [name, value] of Object.entries(given)) {
    if (!(name in usualPolicy)) continue;
    const like = usualPolicy[name];
    if (like !== null && (typeof like !== typeof value || Array.isArray(like) !== Array.isArray(value)))
      return { status: 400, why: `The JSON value could not be converted. Path: $.${name}` };
  }
  const others = all.filter((u) => u !== user && u.policy.IsAdministrator === true);
  if (user.policy.IsAdministrator === true && given.IsAdministrator !== true && others.length === 0)
    return { status: 403, why: "There must be at least one user in the system with administrative access." };
  if (given.IsAdministrator === true && given.IsDisabled === true) return { status: 403, why: "Administrators cannot be disabled." };
  user.policy = { ...usualPolicy, ...given };
  if (given.IsDisabled !== true) user.wrongLogins = 0;
  return undefined;
}

export function shownUser(user: User): Readonly<Record<string, unknown>> {
  return {
    Name: user.name,
    ServerId: "5f0f3c1cd1f74d4aa0cd6b8c1dd1d9ff",
    Id: user.id,
    HasPassword: user.password !== "",
    HasConfiguredPassword: user.password !== "",
    LastLoginDate: new Date().toISOString(),
    Configuration: { PlayDefaultAudioTrack: true, OrderedViews: [] },
    Policy: { ...user.policy, InvalidLoginAttemptCount: user.wrongLogins },
  };
}
