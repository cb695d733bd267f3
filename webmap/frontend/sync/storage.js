// The only place that touches IndexedDB. What is added here is on the disk when the promise is fulfilled.
//
//   const store = await openStorage()
//   await store.put(entry)      store.all(account)   store.remove(id)     entries in the order in which they were made
//   await store.setAside(entry, answer)              received by the server, but for a person to look at
//   store.aside(account)   store.forget(id)          those, until the one who recorded them has seen why

import { openDB } from "idb";

const NAME = "tung-ngo";
const VERSION = 1;
const STRICT = /** @type {const} */ ({ durability: "strict" });

/** @typedef {{id: string, account: string, kind: "visit", body: any, saved_at: number, held_until: number}} Entry */

export async function openStorage() {
  /** @returns {Promise<any>} */
  const open = () =>
    openDB(NAME, VERSION, {
      upgrade(db) {
        db.createObjectStore("outbox", { keyPath: "id" });
        db.createObjectStore("aside", { keyPath: "id" });
      },
      terminated: () => (opened = null),
    });
  /** @type {Promise<any> | null} */
  let opened = open();
  const db = () => (opened ??= open()); // a browser may close it behind the page's back
  await opened;
  return {
    /** @param {Entry} entry */
    async put(entry) {
      const change = (await db()).transaction("outbox", "readwrite", STRICT);
      await Promise.all([change.store.put(entry), change.done]);
    },
    /** @param {string} account @returns {Promise<Entry[]>} */
    async all(account) {
      const entries = /** @type {Entry[]} */ (await (await db()).getAll("outbox"));
      return entries.filter((entry) => entry.account === account).sort((a, b) => (a.id < b.id ? -1 : 1));
    },
    /** @param {string} id */
    async remove(id) {
      const change = (await db()).transaction("outbox", "readwrite", STRICT);
      await Promise.all([change.store.delete(id), change.done]);
    },
    /** @param {string} account @returns {Promise<(Entry & {answer: any})[]>} */
    async aside(account) {
      const entries = /** @type {(Entry & {answer: any})[]} */ (await (await db()).getAll("aside"));
      return entries.filter((entry) => entry.account === account).sort((a, b) => (a.id < b.id ? -1 : 1));
    },
    /** @param {string} id */
    async forget(id) {
      const change = (await db()).transaction("aside", "readwrite", STRICT);
      await Promise.all([change.store.delete(id), change.done]);
    },
    /** @param {Entry} entry @param {any} answer */
    async setAside(entry, answer) {
      const change = (await db()).transaction(["outbox", "aside"], "readwrite", STRICT);
      await Promise.all([change.objectStore("aside").put({ ...entry, answer }), change.objectStore("outbox").delete(entry.id), change.done]);
    },
  };
}
