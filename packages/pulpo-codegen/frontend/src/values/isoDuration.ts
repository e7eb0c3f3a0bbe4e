const ISO = /^([+-]?)P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/;
const UNITS = ["weeks", "d", "h", "min", "s"];

/** An ISO 8601 duration as people say it: "PT1H30M" is "1 h 30 min". What is none stays as it is. */
export function isoDurationText(iso: string): string {
  const found = ISO.exec(iso);
  if (!found) return iso;
  const [, sign, ...amounts] = found;
  const parts = UNITS.flatMap((unit, index) => (Number(amounts[index] ?? 0) > 0 ? [`${amounts[index]} ${unit}`] : []));
  return (sign === "-" ? "-" : "") + (parts.join(" ") || "0 s");
}

const CLOCK = /^(\d+):([0-5]?\d)(?::([0-5]?\d(?:\.\d+)?))?$/;
const AMOUNT = /(\d+(?:\.\d+)?)\s*(weeks?|w|days?|d|hours?|h|minutes?|min|m|seconds?|sec|s)(?![a-z])/gi;
const SECONDS: Record<string, number> = { w: 604_800, d: 86_400, h: 3_600, m: 60, s: 1 };

/** What was typed ("1:30", "1 h 30 min", "PT1H30M") as an ISO 8601 duration; undefined where it is none. */
export function isoDurationOf(text: string): string | undefined {
  const typed = text.trim();
  if (ISO.test(typed.toUpperCase()) && /\d/.test(typed)) return typed.toUpperCase();
  const sign = typed.startsWith("-") ? "-" : "";
  const amount = typed.replace(/^-\s*/, "");
  const clock = CLOCK.exec(amount);
  if (clock) return sign + isoOf(Number(clock[1]) * 3_600 + Number(clock[2]) * 60 + Number(clock[3] ?? 0));
  if (amount === "" || amount.replace(AMOUNT, "").trim() !== "") return undefined;
  const parts = [...amount.matchAll(AMOUNT)];
  return sign + isoOf(parts.reduce((sum, [, many, unit]) => sum + Number(many) * (SECONDS[(unit ?? "s").charAt(0).toLowerCase()] ?? 0), 0));
}

function isoOf(seconds: number): string {
  const [days, hours, minutes] = [Math.floor(seconds / 86_400), Math.floor((seconds % 86_400) / 3_600), Math.floor((seconds % 3_600) / 60)];
  const rest = Math.round((seconds % 60) * 1e6) / 1e6;
  const time = (hours ? `${hours}H` : "") + (minutes ? `${minutes}M` : "") + (rest ? `${rest}S` : "");
  return `P${days ? `${days}D` : ""}${time ? `T${time}` : days ? "" : "T0S"}`;
}
