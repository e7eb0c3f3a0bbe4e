import { urlOf } from "./base";

/** What is known before anybody has said who they are. */
export interface UiConfig {
  title: string;
  auth: "none" | "api_key" | "jwt";
}

let config: UiConfig = { title: "Admin", auth: "none" };

/** Ask the server once, before the first page is drawn. */
export async function loadConfig(): Promise<UiConfig> {
  const response = await fetch(urlOf("/ui-config.json"));
  if (!response.ok) throw new Error(`ui-config.json: ${response.status}`);
  config = (await response.json()) as UiConfig;
  return config;
}

export function uiConfig(): UiConfig {
  return config;
}
