import { type Answer, type Asked, done, mapOf, problem, textOf } from "./answer.ts";
import type { SettingFiles } from "./settings.ts";
import { type Data, newUser } from "./users.ts";

/** The first start. The caller has seen to it that nobody without rights is here once it is completed. */
export function wizard(asked: Asked, data: Data, files: SettingFiles): Answer | undefined {
  const body = mapOf(asked.body);
  const [first] = data.users;
  switch (`${asked.method} ${asked.path}`) {
    case "GET /Startup/Configuration": {
      const { ServerName, UICulture, MetadataCountryCode, PreferredMetadataLanguage } = files.of("system");
      return { status: 200, body: { ServerName, UICulture, MetadataCountryCode, PreferredMetadataLanguage } };
    }
    case "POST /Startup/Configuration": {
      const given = ["ServerName", "UICulture", "MetadataCountryCode", "PreferredMetadataLanguage"].map((name) => [
        name,
        textOf(body[name]),
      ]);
      files.write("system", { ...files.of("system"), ...Object.fromEntries(given) });
      return done;
    }
    case "GET /Startup/User":
      if (!first) data.users.push(newUser("root", "", true));
      return { status: 200, body: { Name: data.users[0]?.name, Password: null } };
    case "POST /Startup/User":
      if (!first) return problem(404, "Sequence contains no elements");
      if (textOf(body.Password) === "") return problem(400, "Password must not be empty");
      if (textOf(body.Name) !== "") first.name = textOf(body.Name);
      first.password = textOf(body.Password);
      return done;
    case "POST /Startup/RemoteAccess":
      for (const needed of ["EnableRemoteAccess", "EnableAutomaticPortMapping"])
        if (typeof body[needed] !== "boolean") return problem(400, `The ${needed} field is required.`);
      files.write("network", { ...files.of("network"), EnableRemoteAccess: body.EnableRemoteAccess === true });
      return done;
    case "POST /Startup/Complete":
      files.write("system", { ...files.of("system"), IsStartupWizardCompleted: true });
      return done;
  }
  return undefined;
}
