import { type Answer, type Asked, mapOf, problem, schemeValues, textOf } from "./answer.ts";
import type { Log } from "./log.ts";
import { type Data, newToken, shownUser } from "./users.ts";

/** POST /Users/AuthenticateByName. `local`: the visitor is in the local network. */
export function login(asked: Asked, data: Data, log: Log, local: boolean, legacy: boolean): Answer {
  const name = textOf(mapOf(asked.body).Username);
  const device = schemeValues(asked.headers.authorization, legacy ? ["MediaBrowser", "Emby"] : ["MediaBrowser"]);
  if (device.Client === undefined || device.DeviceId === undefined || device.Device === undefined || device.Version === undefined)
    return problem(400, "Value cannot be null. (Parameter 'appName')");
  if (name === "") {
    log.users("Authentication request without username has been denied (IP: {}).", asked.visitor);
    return problem(401, "A username is required");
  }
  const user = data.users.find((u) => u.name.toLowerCase() === name.toLowerCase());
  if (!user || user.password !== textOf(mapOf(asked.body).Pw)) {
    if (user) {
      user.wrongLogins += 1;
      const most = Number(user.policy.LoginAttemptsBeforeLockout);
      if (most > 0 && user.wrongLogins >= most) user.policy = { ...user.policy, IsDisabled: true };
    }
    log.users("Authentication request for {} has been denied (IP: {}).", name, asked.visitor);
    return problem(401, "Invalid username or password entered");
  }
  if (user.policy.IsDisabled === true) {
    log.users("Authentication request for {} has been denied because this account is currently disabled (IP: {}).", name, asked.visitor);
    return problem(403, `The ${user.name} account is currently disabled. Please consult with your administrator.`);
  }
  if (user.policy.EnableRemoteAccess !== true && !local) {
    log.users(
      "Authentication request for {} forbidden: remote access disabled and user not in local network (IP: {}).",
      name,
      asked.visitor,
    );
    return problem(403, "Forbidden.");
  }
  user.wrongLogins = 0;
  const session = { token: newToken(), user: user.id, app: device.Client, device: device.DeviceId };
  data.sessions = [...data.sessions.filter((s) => s.user !== user.id || s.device !== session.device), session];
  return { status: 200, body: { User: shownUser(user), AccessToken: session.token, ServerId: shownUser(user).ServerId } };
}
