import { theme as antd, type ThemeConfig } from "antd";

import type { Scheme } from "./colorScheme";

const FONT =
  'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, "Noto Sans", sans-serif';

/** Colours of light pages, each of 4.5:1 at least on what it stands on (WCAG 2.2 AA). */
const LIGHT = {
  colorPrimary: "#0958d9",
  // Antd's own are lighter, and a white label on them cannot be read.
  colorPrimaryHover: "#0a46ad",
  colorPrimaryActive: "#083a8f",
  colorLink: "#0958d9",
  colorLinkHover: "#0a46ad",
  colorBgLayout: "#f6f7f9",
  colorText: "#1a1f29",
  colorTextSecondary: "#4b5362",
  colorTextTertiary: "#5b6472",
  colorTextDescription: "#5b6472",
  colorTextPlaceholder: "#6b6b6b",
  colorTextDisabled: "#6b6b6b",
  colorBorder: "#ccd2db",
  colorBorderSecondary: "#e7eaef",
  colorError: "#c4222d",
  colorErrorHover: "#a81c26",
  colorErrorActive: "#8f1720",
  colorSuccess: "#2b7d1b",
  colorWarning: "#a15c00",
};
const DARK = {
  // What a white label stands on, and what a link is on dark: not the same blue.
  colorPrimary: "#2f6fe4",
  colorPrimaryHover: "#2862cc",
  colorPrimaryActive: "#2156b6",
  colorLink: "#7db0ff",
  colorLinkHover: "#a6caff",
  colorPrimaryText: "#7db0ff",
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
  colorError: "#f0616b",
  colorSuccess: "#5fbf4a",
  colorWarning: "#d9a03f",
};

/**
 * Motion is taken out of the components: one that is only made short by a style leaves popups where
 * nobody sees them.
 */
const wantsNoMotion = () => window.matchMedia("(prefers-reduced-motion: reduce)").matches;

export function themeOf(scheme: Scheme): ThemeConfig {
  const dark = scheme === "dark";
  const colours = dark ? DARK : LIGHT;
  return {
    algorithm: dark ? antd.darkAlgorithm : antd.defaultAlgorithm,
    cssVar: { key: "pulpo", prefix: "pulpo" },
    hashed: false,
    token: { fontFamily: FONT, borderRadius: 6, wireframe: false, motion: !wantsNoMotion(), ...colours },
    components: {
      Layout: {
        siderBg: dark ? DARK.colorBgContainer : "#ffffff",
        headerBg: dark ? DARK.colorBgContainer : "#ffffff",
        headerHeight: 56,
        headerPadding: "0 16px",
      },
      Tabs: dark ? { itemSelectedColor: DARK.colorLink, inkBarColor: DARK.colorLink } : {},
      Card: { headerFontSize: 15 },
      Descriptions: { labelBg: "transparent" },
      Button: {
        primaryShadow: "none",
        defaultShadow: "none",
        dangerShadow: "none",
        // Antd's own is too light to be read on the button.
        defaultHoverColor: colours.colorLinkHover,
        defaultHoverBorderColor: colours.colorLinkHover,
        defaultActiveColor: colours.colorLinkHover,
      },
    },
  };
}
