import dayjs from "dayjs";

const whole = new Intl.NumberFormat(undefined, { maximumFractionDigits: 0 });
const short = new Intl.NumberFormat(undefined, { notation: "compact", maximumFractionDigits: 1 });

/** A measured value with as many digits as say something: "0.25", "12.3", "1,250". */
export function digits(value: number): string {
  if (value === 0) return "0";
  if (value >= 100) return whole.format(value);
  return value >= 10 ? value.toFixed(1) : value.toFixed(2);
}

/** A value for an axis: "1.5K". */
export const compact = (value: number): string => short.format(value);

/** A duration: "3.2 ms", "1.50 s". */
export const duration = (ms: number): string =>
  ms >= 1000 ? `${digits(ms / 1000)} s` : `${digits(ms)} ms`;

/** A share: "0.5 %". */
export const percent = (part: number, all: number): string =>
  `${digits(all === 0 ? 0 : (part / all) * 100)} %`;

/** The time of day: "14:03:20", or without seconds "14:03". */
export const clock = (seconds: number, format: "HH:mm:ss" | "HH:mm" = "HH:mm:ss"): string =>
  dayjs.unix(seconds).format(format);

/** The next round number that an axis may end at. */
export function roundedUp(value: number): number {
  if (value <= 0) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return ([1, 2, 4, 5, 10].find((step) => step * power >= value) ?? 10) * power;
}
