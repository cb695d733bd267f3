// What this phone has done and the server has not yet confirmed, oldest first.
// Nothing leaves the outbox before the server has named it as received.
//
//   const outbox = createOutbox({store, account, send, onChange})
//   await outbox.add("visit", id, body, {holdMilliseconds: 8000})     on the disk when fulfilled; sent after the hold
//   await outbox.takeBack(id)                                         true while it had not been sent
//   outbox.flush()                                                    one at a time over all tabs
//   outbox.start()                                                    flushes by itself: at once, online, on return, by and by

const RECEIVED = ["stored", "duplicate", "quarantined"];
const FIRST_WAIT = 2000;
const LONGEST_WAIT = 300_000;

/** Full jitter: after a breakdown not all phones come back at the same moment. @param {number} failures */
export function waitBefore(failures, random = Math.random) {
  return random() * Math.min(LONGEST_WAIT, FIRST_WAIT * 2 ** Math.min(failures, 16));
}

/** @param {any} answer @param {string} id whether the server has named this entry as received */
export function isReceived(answer, id) {
  return Boolean(answer) && answer.id === id && RECEIVED.includes(answer.status);
}

/**
 * One flusher over all tabs; without Web Locks the tab's own promise keeps order.
 *
 * @param {() => Promise<void>} work @param {LockManager | undefined} locks @returns {Promise<boolean>} false: another tab is at it
 */
async function alone(work, locks) {
  if (!locks) {
    await work();
    return true;
  }
  return locks.request("outbox", { ifAvailable: true }, async (lock) => {
    if (lock) await work();
    return lock !== null;
  });
}

/**
 * @param {{store: any, account: string, send: (entry: any) => Promise<any>, onChange?: (state: {waiting: number, aside: number, trouble: string}) => void,
 *   now?: () => number, locks?: LockManager, later?: (act: () => void, milliseconds: number) => void}} parts
 */
export function createOutbox({ store, account, send, onChange = () => {}, now = Date.now, locks = globalThis.navigator?.locks, later = (act, milliseconds) => void setTimeout(act, milliseconds) }) {
  /** @type {Promise<void> | null} */
  let sending = null;
  let isWantedAgain = false;
  let failures = 0;
  let trouble = "";

  const tell = async () => onChange({ waiting: (await store.all(account)).length, aside: (await store.aside(account)).length, trouble });

  /** @param {any} entry @returns {Promise<"received" | "refused" | "later">} */
  async function sendOne(entry) {
    let answer;
    try {
      answer = await send(entry);
    } catch (problem) {
      const { status = 0, code = "", facts } = /** @type {any} */ (problem);
      if (!isReceived(facts, entry.id)) {
        trouble = status === 401 ? "sign_in" : code === "csrf" ? "reload" : status === 0 ? "offline" : "server";
        return status === 413 || status === 400 ? "refused" : "later";
      }
      answer = facts;
    }
    if (!isReceived(answer, entry.id)) {
      trouble = "server"; // a page of a hotel's network, for one
      return "later";
    }
    if (answer.status === "quarantined") await store.setAside(entry, answer);
    else await store.remove(entry.id);
    return "received";
  }

  async function drain() {
    for (const entry of await store.all(account)) {
      if (entry.held_until > now()) {
        later(flush, entry.held_until - now() + 50);
        continue;
      }
      const result = await sendOne(entry);
      if (result === "later") {
        failures += 1;
        later(flush, waitBefore(failures));
        return;
      }
      if (result === "received") {
        failures = 0;
        trouble = "";
      }
      await tell();
    }
  }

  async function drainAll() {
    do {
      isWantedAgain = false;
      await drain();
    } while (isWantedAgain);
  }

  function flush() {
    if (sending) {
      isWantedAgain = true; // something was added since this run looked
      return sending;
    }
    sending = alone(drainAll, locks)
      .then((isMine) => void (isMine || later(flush, FIRST_WAIT)))
      .catch(() => later(flush, waitBefore((failures += 1))))
      .then(tell)
      .finally(() => (sending = null));
    return sending;
  }

  return {
    flush,
    waiting: () => store.all(account),
    /** What the server keeps for a person to look at, with its reason. */
    aside: () => store.aside(account),
    /** @param {string} id of one that was looked at */
    async forget(id) {
      await store.forget(id);
      await tell();
    },
    /** @param {"visit"} kind @param {string} id @param {any} body @param {{holdMilliseconds?: number}} [options] */
    async add(kind, id, body, { holdMilliseconds = 0 } = {}) {
      await store.put({ id, account, kind, body, saved_at: now(), held_until: now() + holdMilliseconds });
      await tell();
      if (holdMilliseconds) later(flush, holdMilliseconds + 50);
      else flush();
    },
    /** @param {string} id */
    async takeBack(id) {
      const entry = (await store.all(account)).find((/** @type {any} */ one) => one.id === id);
      if (!entry || entry.held_until <= now()) return false;
      await store.remove(id);
      await tell();
      return true;
    },
    start() {
      globalThis.addEventListener("online", () => flush());
      document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && flush());
      setInterval(flush, LONGEST_WAIT);
      return flush();
    },
  };
}
