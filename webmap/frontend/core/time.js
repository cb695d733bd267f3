// Days are days in Vietnam, whatever the phone's zone says.
//
//   vietnamDay(new Date())      "2026-11-21"     formatDay("2026-11-30")  "30/11/2026"
//   formatInstant(isoOrDate)    "14:05, 21/11/2026"        daysBetween("2026-11-21", "2026-11-30")  9

const ZONE = "Asia/Ho_Chi_Minh";
const day = new Intl.DateTimeFormat("en-CA", { timeZone: ZONE, year: "numeric", month: "2-digit", day: "2-digit" });
const clock = new Intl.DateTimeFormat("en-GB", {
  timeZone: ZONE,
  hour: "2-digit",
  minute: "2-digit",
  hourCycle: "h23",
});

/** @param {Date | string | number} instant */
export function vietnamDay(instant) {
  return day.format(new Date(instant));
}

/** @param {string} isoDay "2026-11-30" */
export function formatDay(isoDay) {
  const [year, month, date] = isoDay.split("-");
  return `${date}/${month}/${year}`;
}

/** @param {Date | string | number} instant */
export function formatInstant(instant) {
  return `${clock.format(new Date(instant))}, ${formatDay(vietnamDay(instant))}`;
}

/** @param {string} from @param {string} to */
export function daysBetween(from, to) {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000);
}
