import type { AuthProvider } from "@refinedev/core";

import { paths } from "@/app/paths";
import { CAPABILITIES } from "@/api/capabilities";
import { credentialHeaders, credentials, isLoggedIn } from "@/api/credentials";
import { send } from "@/api/http";
import { Problem } from "@/api/problem";
import { queries } from "@/api/queries";

import { logOut } from "./logOut";

const LOGIN = { authenticated: false, logout: true, redirectTo: paths.login } as const;

/** Whoever has credentials is let in; the first request says whether they are good. */
export const authProvider: AuthProvider = {
  login: async ({ secret }: { secret: string }) => {
    try {
      await send("/api/me", { headers: credentialHeaders(secret) });
    } catch (error) {
      const refused = error instanceof Problem && error.status === 401;
      const message = refused ? "These credentials are not accepted." : String(error);
      return { success: false, error: { name: "Login", message } };
    }
    credentials.set(secret);
    queries.removeQueries({ queryKey: CAPABILITIES });
    return { success: true };
  },
  logout: async () => {
    logOut();
    return { success: true, redirectTo: paths.login };
  },
  check: async () => (isLoggedIn() ? { authenticated: true } : LOGIN),
  onError: async (error) => (error?.status === 401 ? { logout: true, redirectTo: paths.login } : {}),
  getIdentity: async () => (await send<{ id: string; name: string }>("/api/me")).data,
};
