// The effect of a visit (shared with the server's rules), ids, and the outbox that loses nothing.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { createOutbox, isReceived, waitBefore } from "../../webmap/frontend/sync/outbox.js";
import { uuid7 } from "../../webmap/frontend/sync/uuid7.js";
import { effectOf, householdStatus } from "../../webmap/frontend/visits/effect.js";

const { examples } = JSON.parse(readFileSync(new URL("../shared/visit_examples.json", import.meta.url), "utf8"));
const present = (person) => Object.fromEntries(Object.entries(person).filter(([, value]) => value !== null && value !== false));

for (const example of examples) {
  test(`effect: ${example.name}`, () => {
    const after = effectOf(example.people, example.entry, example.day);

    assert.deepEqual(after.people.map(present), example.people_after.map(present));
    assert.equal(after.door_mark, example.door_mark);
    assert.equal(after.due_on, example.due_on);
  });
}

test("the colour of a door follows from its people", () => {
  assert.equal(householdStatus([]), "unknown");
  assert.equal(householdStatus([{ id: "a", has_card: true, status: "covered" }, { id: "b" }]), "partly");
  assert.equal(householdStatus([{ id: "a" }]), "uncovered");
  assert.equal(householdStatus([{ id: "a", reported_on: "2026-05-20" }]), "reported");
  assert.equal(householdStatus([{ id: "a", pledged_until: "2026-05-20" }, { id: "b", reported_on: "2026-05-20" }]), "pledged");
});

test("ids are version 7, in the order of time, and all different", () => {
  const ids = Array.from({ length: 5000 }, () => uuid7());

  assert.equal(new Set(ids).size, 5000);
  assert.deepEqual([...ids].sort(), ids);
  for (const id of ids) assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});

function aStore() {
  const entries = new Map();
  const aside = [];
  return {
    aside: async () => [...aside],
    put: async (entry) => void entries.set(entry.id, entry),
    all: async () => [...entries.values()],
    remove: async (id) => void entries.delete(id),
    setAside: async (entry, answer) => void (aside.push({ ...entry, answer }), entries.delete(entry.id)),
    forget: async (id) => void aside.splice(aside.findIndex((entry) => entry.id === id), 1),
  };
}

function anOutbox(send, options = {}) {
  const store = aStore();
  const states = [];
  const outbox = createOutbox({ store, account: "me", send, onChange: (state) => states.push(state), locks: undefined, later: () => {}, ...options });
  return { outbox, store, states };
}

test("an entry leaves the outbox only when the server has named it as received", async () => {
  const answers = [{}, { id: "somebody else", status: "stored" }, { id: "a", status: "unheard of" }, { id: "a", status: "stored" }];
  const { outbox, store } = anOutbox(async () => answers.shift());
  await store.put({ id: "a", held_until: 0 });

  for (const left of [1, 1, 1, 0]) {
    await outbox.flush();
    assert.equal((await store.all()).length, left);
  }
});

test("no answer, a server's fault and an ended sign-in keep everything", async () => {
  for (const [status, trouble] of [[0, "offline"], [503, "server"], [401, "sign_in"]]) {
    const { outbox, store, states } = anOutbox(async () => Promise.reject(Object.assign(new Error(), { status, facts: {} })));
    await store.put({ id: "a", held_until: 0 });
    await outbox.flush();

    assert.equal((await store.all()).length, 1);
    assert.deepEqual(states.at(-1), { waiting: 1, aside: 0, trouble });
  }
});

test("a conflict that names the entry has received it: it is set aside, and the others go on", async () => {
  const send = async ({ id }) => {
    if (id === "b") return { id, status: "stored" };
    throw Object.assign(new Error(), { status: 409, facts: { id, status: "quarantined", code: "visit_id_taken" } });
  };
  const { outbox, store, states } = anOutbox(send);
  await store.put({ id: "a", held_until: 0 });
  await store.put({ id: "b", held_until: 0 });
  await outbox.flush();

  assert.equal((await store.all()).length, 0);
  assert.deepEqual((await store.aside()).map((entry) => entry.id), ["a"]);
  assert.equal(states.at(-1).aside, 1);
  await outbox.forget("a");
  assert.equal(states.at(-1).aside, 0);
});

test("one entry that the server cannot read does not block the rest", async () => {
  const sent = [];
  const send = async ({ id }) => {
    if (id === "a") throw Object.assign(new Error(), { status: 413, facts: {} });
    sent.push(id);
    return { id, status: "stored" };
  };
  const { outbox, store } = anOutbox(send);
  await store.put({ id: "a", held_until: 0 });
  await store.put({ id: "b", held_until: 0 });
  await outbox.flush();

  assert.deepEqual(sent, ["b"]);
  assert.deepEqual((await store.all()).map((entry) => entry.id), ["a"]);
});

test("what is held can be taken back, what was due cannot", async () => {
  let time = 1000;
  const sent = [];
  const { outbox, store } = anOutbox(async ({ id }) => (sent.push(id), { id, status: "stored" }), { now: () => time });
  await outbox.add("visit", "a", {}, { holdMilliseconds: 8000 });
  await outbox.flush();
  assert.deepEqual(sent, []);
  assert.equal(await outbox.takeBack("a"), true);
  await outbox.add("visit", "b", {}, { holdMilliseconds: 8000 });
  time += 9000;
  assert.equal(await outbox.takeBack("b"), false);
  await outbox.flush();

  assert.deepEqual(sent, ["b"]);
  assert.equal((await store.all()).length, 0);
});

test("two calls at once send an entry once", async () => {
  let sent = 0;
  const { outbox, store } = anOutbox(async ({ id }) => ((sent += 1), { id, status: "stored" }));
  await store.put({ id: "a", held_until: 0 });

  await Promise.all([outbox.flush(), outbox.flush(), outbox.flush()]);

  assert.equal(sent, 1);
});

test("an entry added while others are sent goes with them", async () => {
  const sent = [];
  const parts = {};
  const send = async ({ id }) => {
    sent.push(id);
    if (id === "a") await parts.outbox.add("visit", "b", {});
    return { id, status: "stored" };
  };
  Object.assign(parts, anOutbox(send));
  await parts.store.put({ id: "a", held_until: 0 });
  await parts.outbox.flush();

  assert.deepEqual(sent, ["a", "b"]);
});

test("waits grow to five minutes at most, with full jitter", () => {
  assert.equal(waitBefore(0, () => 1), 2000);
  assert.equal(waitBefore(3, () => 0.5), 8000);
  assert.equal(waitBefore(50, () => 1), 300_000);
  assert.equal(isReceived(null, "a"), false);
});
