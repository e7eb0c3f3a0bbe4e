import { theme as antd, type ThemeConfig } from "antd";

import { paletteOf, type Scheme } from "./palette";

const FONT =
  'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, "Noto Sans", sans-serif';

/**
 * Motion is taken out of the components: one that is only made short by a style leaves popups where
 * nobody sees them.
 */
const wantsNoMotion = () => window.matchMedia("(prefers-reduced-motion: reduce)").matches;

/** How antd draws what it draws: with our colours. */
export function themeOf(scheme: Scheme): ThemeConfig {
  const dark = scheme === "dark";
  const colours = paletteOf(scheme);
  return {
    algorithm: dark ? antd.darkAlgorithm : antd.defaultAlgorithm,
    cssVar: { key: "pulpo", prefix: "pulpo" },
    hashed: false,
    token: {
      fontFamily: FONT,
      borderRadius: 6,
      wireframe: false,
      motion: !wantsNoMotion(),
      ...colours,
      ...(dark ? { colorPrimaryText: colours.colorLink } : {}),
    },
    components: {
      Tabs: dark ? { itemSelectedColor: colours.colorLink, inkBarColor: colours.colorLink } : {},
      Card: { headerFontSize: 15 },
      Segmented: { trackBg: colours.colorFillSecondary, itemSelectedBg: colours.colorBgElevated },
      Descriptions: { labelBg: "transparent" },
      Button: {
        // The algorithm for dark pages makes another one of it.
        colorPrimary: colours.colorPrimary,
        colorPrimaryHover: colours.colorPrimaryHover,
        colorPrimaryActive: colours.colorPrimaryActive,
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
