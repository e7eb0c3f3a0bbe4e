import { urlOf } from "./base";

/** What is known before anybody has said who they are. */
export interface UiConfig {
  title: string;
  auth: "none" | "api_key" | "jwt";
}

let config: UiConfig = { title: "Admin", auth: "none" };

/** The server writes it into the page; one that Vite serves (`npm run dev`) asks for it. */
export async function loadConfig(): Promise<UiConfig> {
  const written = document.querySelector<HTMLMetaElement>("meta[name=ui-config]")?.content;
  if (written) {
    config = JSON.parse(written) as UiConfig;
    return config;
  }
  const response = await fetch(urlOf("/ui-config.json"));
  if (!response.ok) throw new Error(`ui-config.json: ${response.status}`);
  config = (await response.json()) as UiConfig;
  return config;
}

export function uiConfig(): UiConfig {
  return config;
}
