// The look: one accent (the green of old bronze), vermilion only for what is breached or destroys,
// paper-grey grounds, small radius, figures of one width. Contrast is AA in both modes.
import { theme as antd, type ThemeConfig } from "antd";

export type Mode = "light" | "dark";
export type Choice = Mode | "system";

interface Palette {
  ground: string;
  surface: string;
  raised: string;
  line: string;
  soft: string;
  ink: string;
  quiet: string;
  accent: string;
  accentInk: string;
  accentSoft: string;
  good: string;
  goodSoft: string;
  warn: string;
  warnSoft: string;
  bad: string;
  badSoft: string;
  info: string;
  infoSoft: string;
}

export const palettes: Record<Mode, Palette> = {
  light: {
    ground: "#f4f4f1",
    surface: "#ffffff",
    raised: "#ffffff",
    line: "#dcdcd5",
    soft: "#ecece7",
    ink: "#1d211f",
    quiet: "#5b625e",
    accent: "#0b655e",
    accentInk: "#ffffff",
    accentSoft: "#e1efec",
    good: "#1d6b3a",
    goodSoft: "#e2f1e6",
    warn: "#8a5300",
    warnSoft: "#fbeed6",
    bad: "#ad2f1c",
    badSoft: "#fbe6e1",
    info: "#2b567e",
    infoSoft: "#e4edf5",
  },
  dark: {
    ground: "#131615",
    surface: "#1a1e1d",
    raised: "#222726",
    line: "#363d3b",
    soft: "#262c2a",
    ink: "#e6e9e7",
    quiet: "#a2aba7",
    accent: "#57b8ac",
    accentInk: "#0b1413",
    accentSoft: "#16332f",
    good: "#6cc48b",
    goodSoft: "#173224",
    warn: "#e0a54a",
    warnSoft: "#372810",
    bad: "#f08a76",
    badSoft: "#3f1d17",
    info: "#86b4de",
    infoSoft: "#182b3d",
  },
};

export const FONT =
  'system-ui, -apple-system, "Segoe UI", "PingFang SC", "Hiragino Sans GB", "Microsoft YaHei", ' +
  '"Noto Sans CJK SC", "Noto Sans SC", sans-serif';
export const MONO =
  'ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, "DejaVu Sans Mono", "Liberation Mono", monospace';

export function themeOf(mode: Mode): ThemeConfig {
  const p = palettes[mode];
  return {
    algorithm: mode === "dark" ? antd.darkAlgorithm : antd.defaultAlgorithm,
    token: {
      colorPrimary: p.accent,
      colorLink: p.accent,
      colorLinkHover: p.accent,
      colorInfo: p.info,
      colorSuccess: p.good,
      colorWarning: p.warn,
      colorError: p.bad,
      colorTextBase: p.ink,
      colorText: p.ink,
      colorTextSecondary: p.quiet,
      colorTextTertiary: p.quiet,
      colorTextDescription: p.quiet,
      colorTextPlaceholder: p.quiet,
      colorBgBase: p.surface,
      colorBgLayout: p.ground,
      colorBgContainer: p.surface,
      colorBgElevated: p.raised,
      colorBorder: mode === "dark" ? "#5b6561" : "#8b928e",
      colorBorderSecondary: p.line,
      colorTextLightSolid: p.accentInk,
      colorInfoBg: p.infoSoft,
      colorInfoBorder: p.info,
      colorSuccessBg: p.goodSoft,
      colorSuccessBorder: p.good,
      colorWarningBg: p.warnSoft,
      colorWarningBorder: p.warn,
      colorErrorBg: p.badSoft,
      colorErrorBorder: p.bad,
      borderRadius: 4,
      borderRadiusLG: 6,
      borderRadiusSM: 3,
      fontFamily: FONT,
      fontFamilyCode: MONO,
      fontSize: 14,
      controlHeight: 34,
      wireframe: false,
      motionDurationMid: "0.12s",
      motionDurationSlow: "0.16s",
    },
    components: {
      Button: {
        primaryShadow: "none",
        defaultShadow: "none",
        dangerShadow: "none",
        fontWeight: 500,
      },
      Drawer: { paddingLG: 20 },
      Segmented: {
        trackBg: p.soft,
        itemColor: p.quiet,
        itemSelectedBg: p.accentSoft,
        itemSelectedColor: p.accent,
      },
    },
  };
}

/** Hands the palette to the style sheet. */
export function paint(mode: Mode): void {
  const root = document.documentElement;
  root.dataset["theme"] = mode;
  root.style.colorScheme = mode;
  for (const [name, colour] of Object.entries(palettes[mode])) {
    root.style.setProperty(`--${name.replace(/[A-Z]/g, (c) => `-${c.toLowerCase()}`)}`, colour);
  }
}

export function keptChoice(): Choice {
  const kept = localStorage.getItem("tally.theme");
  return kept === "light" || kept === "dark" ? kept : "system";
}
