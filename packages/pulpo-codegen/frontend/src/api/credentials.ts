import { uiConfig } from "./config";

const KEY = "pulpo.credentials";

/** Kept for as long as the tab is open: a shared machine remembers nobody. */
export const credentials = {
  get: (): string | null => sessionStorage.getItem(KEY),
  set: (value: string): void => sessionStorage.setItem(KEY, value),
  clear: (): void => sessionStorage.removeItem(KEY),
};

/** Whether somebody has said who they are, or nobody is asked; the first answer says whether it is true. */
export const isLoggedIn = (): boolean => uiConfig().auth === "none" || Boolean(credentials.get());

/** The headers that say who asks. */
export function credentialHeaders(given = credentials.get()): Record<string, string> {
  if (!given) return {};
  return uiConfig().auth === "jwt" ? { Authorization: `Bearer ${given}` } : { "X-API-Key": given };
}
