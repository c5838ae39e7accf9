// Instants and days in the agreement's zone, and the time that is left, in the reader's language.
import type { Lang } from "../words";

export const ZONE = "Asia/Shanghai";

const formats = new Map<string, Intl.DateTimeFormat>();

function format(lang: Lang, zone: string, style: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${lang} ${zone} ${JSON.stringify(style)}`;
  let found = formats.get(key);
  if (!found) {
    const locale = lang === "zh" ? "zh-CN" : "en-GB";
    found = new Intl.DateTimeFormat(locale, { ...style, timeZone: zone });
    formats.set(key, found);
  }
  return found;
}

const DAY: Intl.DateTimeFormatOptions = { year: "numeric", month: "short", day: "numeric" };
const MINUTE: Intl.DateTimeFormatOptions = {
  ...DAY,
  hour: "2-digit",
  minute: "2-digit",
  hourCycle: "h23",
};
const EXACT: Intl.DateTimeFormatOptions = { ...MINUTE, second: "2-digit", timeZoneName: "short" };

/** 2026年1月4日 09:00 / 4 Jan 2026, 09:00 */
export function instant(text: string, lang: Lang, zone: string = ZONE): string {
  return safe(text, (date) => format(lang, zone, MINUTE).format(date));
}

/** The end of a time limit: 31 Mar 2026, 24:00 where it ends with the day. */
export function limit(text: string, lang: Lang, zone: string = ZONE): string {
  return safe(text, (date) => {
    const wall = toWall(text, zone);
    if (!wall.endsWith("T00:00:00")) return format(lang, zone, MINUTE).format(date);
    const lastMinute = new Date(date.getTime() - 60_000);
    return format(lang, zone, MINUTE).format(lastMinute).replace("23:59", "24:00");
  });
}

/** With seconds and the zone. */
export function exactInstant(text: string, lang: Lang, zone: string = ZONE): string {
  return safe(text, (date) => format(lang, zone, EXACT).format(date));
}

/** The civil day of an instant. */
export function dayOf(text: string, lang: Lang, zone: string = ZONE): string {
  return safe(text, (date) => format(lang, zone, DAY).format(date));
}

/** A civil day, YYYY-MM-DD, that belongs to no zone. */
export function civil(text: string, lang: Lang): string {
  return safe(`${text}T00:00:00Z`, (date) => format(lang, "UTC", DAY).format(date));
}

function safe(text: string, write: (date: Date) => string): string {
  const date = new Date(text);
  return Number.isNaN(date.getTime()) ? text : write(date);
}

const UNITS = [
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
  ["second", 1],
] as const;

/** The two largest units of a stretch of time: "3天4小时", "3 days 4 hr". */
export function stretch(milliseconds: number, lang: Lang): string {
  let rest = Math.floor(Math.abs(milliseconds) / 1000);
  const parts: string[] = [];
  for (const [unit, seconds] of UNITS) {
    if (parts.length === 2 || (unit === "second" && parts.length === 1 && rest === 0)) break;
    const count = Math.floor(rest / seconds);
    if (count === 0 && parts.length === 0 && unit !== "second") continue;
    rest -= count * seconds;
    if (count === 0 && parts.length === 1) break;
    parts.push(
      new Intl.NumberFormat(lang === "zh" ? "zh-CN" : "en-GB", {
        style: "unit",
        unit,
        unitDisplay: unit === "day" ? "long" : "short",
      }).format(count),
    );
  }
  return parts.join(lang === "zh" ? "" : " ");
}

/** The offset of a zone at an instant, in minutes east of UTC. */
export function offset(date: Date, zone: string): number {
  const parts = format("en", zone, {
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    second: "2-digit",
    hourCycle: "h23",
  }).formatToParts(date);
  const get = (type: string) => Number(parts.find((part) => part.type === type)?.value ?? 0);
  const local = Date.UTC(
    get("year"),
    get("month") - 1,
    get("day"),
    get("hour"),
    get("minute"),
    get("second"),
  );
  return Math.round((local - Math.floor(date.getTime() / 1000) * 1000) / 60_000);
}

/** The RFC 3339 instant of wall-clock text "YYYY-MM-DDTHH:MM[:SS]" in a zone. */
export function fromWall(wall: string, zone: string): string {
  const seconds = wall.length === 16 ? `${wall}:00` : wall;
  const naive = Date.parse(`${seconds}Z`);
  let minutes = offset(new Date(naive), zone);
  minutes = offset(new Date(naive - minutes * 60_000), zone);
  const sign = minutes < 0 ? "-" : "+";
  const hours = String(Math.floor(Math.abs(minutes) / 60)).padStart(2, "0");
  const rest = String(Math.abs(minutes) % 60).padStart(2, "0");
  return `${seconds}${sign}${hours}:${rest}`;
}

/** The wall-clock text of an instant in a zone, for an input field. */
export function toWall(text: string, zone: string): string {
  const date = new Date(text);
  if (Number.isNaN(date.getTime())) return "";
  return new Date(date.getTime() + offset(date, zone) * 60_000).toISOString().slice(0, 19);
}
