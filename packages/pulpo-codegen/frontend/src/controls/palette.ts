export type Scheme = "light" | "dark";

/**
 * The colours of both schemes by what antd calls them, each of 4.5:1 at least on what it stands on
 * (WCAG 2.2 AA). Styles of ours know them as `--pulpo-…`, also where no component of antd is loaded.
 */
const LIGHT = {
  colorPrimary: "#0958d9",
  // Antd's own are lighter, and a white label on them cannot be read.
  colorPrimaryHover: "#0a46ad",
  colorPrimaryActive: "#083a8f",
  colorLink: "#0958d9",
  colorLinkHover: "#0a46ad",
  colorBgLayout: "#f6f7f9",
  colorBgContainer: "#ffffff",
  colorBgElevated: "#ffffff",
  colorText: "#1a1f29",
  colorTextSecondary: "#4b5362",
  colorTextTertiary: "#5b6472",
  colorTextDescription: "#5b6472",
  colorTextPlaceholder: "#6b6b6b",
  colorTextDisabled: "#6b6b6b",
  colorBorder: "#ccd2db",
  colorBorderSecondary: "#e7eaef",
  colorFillSecondary: "#eceef2",
  colorFillTertiary: "#f1f3f6",
  colorFillQuaternary: "#f8f9fb",
  colorError: "#c4222d",
  colorErrorHover: "#a81c26",
  colorErrorActive: "#8f1720",
  colorErrorBg: "#fdf0f0",
  colorErrorBorder: "#f3c2c5",
  colorSuccess: "#2b7d1b",
  colorWarning: "#a15c00",
  controlItemBgActive: "#e8f0fe",
};
const DARK: typeof LIGHT = {
  // What a white label stands on, and what a link is on dark: not the same blue.
  colorPrimary: "#2f6fe4",
  colorPrimaryHover: "#2862cc",
  colorPrimaryActive: "#2156b6",
  colorLink: "#7db0ff",
  colorLinkHover: "#a6caff",
  colorBgLayout: "#0f1217",
  colorBgContainer: "#171b22",
  colorBgElevated: "#1f242d",
  colorText: "#e6e9ef",
  colorTextSecondary: "#b3bac6",
  colorTextTertiary: "#98a1af",
  colorTextDescription: "#98a1af",
  colorTextPlaceholder: "#8d96a5",
  colorTextDisabled: "#8d96a5",
  colorBorder: "#363d49",
  colorBorderSecondary: "#272d37",
  colorFillSecondary: "#2a303a",
  colorFillTertiary: "#232932",
  colorFillQuaternary: "#1b2029",
  colorError: "#f0616b",
  colorErrorHover: "#ff9ea4",
  colorErrorActive: "#ffb8bc",
  colorErrorBg: "#2a1618",
  colorErrorBorder: "#5c2a2e",
  colorSuccess: "#5fbf4a",
  colorWarning: "#d9a03f",
  controlItemBgActive: "#1d2d4d",
};

export const paletteOf = (scheme: Scheme) => (scheme === "dark" ? DARK : LIGHT);

/** Give the colours to every style of the page. */
export function paint(scheme: Scheme): void {
  const page = document.documentElement;
  page.style.colorScheme = scheme;
  page.dataset.scheme = scheme;
  for (const [name, colour] of Object.entries(paletteOf(scheme))) {
    page.style.setProperty(`--pulpo-${name.replace(/[A-Z]/g, "-$&").toLowerCase()}`, colour);
  }
}
