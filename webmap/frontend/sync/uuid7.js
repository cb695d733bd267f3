// Ids made on the phone: UUIDv7, in the order of time, and never twice in one tab even within a millisecond.

let last = 0;
let count = 0;

/** @param {number} [now] milliseconds @returns {string} */
export function uuid7(now = Date.now()) {
  count = now > last ? crypto.getRandomValues(new Uint16Array(1))[0] & 0x7ff : count + 1;
  last = Math.max(now, last);
  if (count > 0xfff) {
    last += 1;
    count = 0;
  }
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  for (let place = 0; place < 6; place += 1) bytes[place] = Math.floor(last / 2 ** (8 * (5 - place))) % 256;
  bytes[6] = 0x70 | (count >> 8);
  bytes[7] = count & 0xff;
  bytes[8] = 0x80 | (bytes[8] & 0x3f);
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}
