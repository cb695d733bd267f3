// The canvasser's page of one route: the next door first, its outcomes in one or two taps, everything kept on the
// phone until the server names it. The list is in the page already; the map comes when it is ready.

import { getJson, sendJson } from "../core/api.js";
import { all, icon, one } from "../core/dom.js";
import { bearingDegrees, formatMetres, metresBetween } from "../core/geo.js";
import { _, formatNumber } from "../core/i18n.js";
import { vietnamDay } from "../core/time.js";
import { watchPosition } from "../maps/locate-me.js";
import { statusPicture } from "../maps/status-picture.js";
import { createOutbox } from "../sync/outbox.js";
import { openStorage } from "../sync/storage.js";
import { uuid7 } from "../sync/uuid7.js";
import { toast } from "../ui/toast.js";
import { asideDialog } from "./aside.js";
import { card } from "./card.js";
import { effectOf, householdStatus } from "./effect.js";
import { wordsOf } from "./outcomes.js";
import { outcomeSheet } from "./outcome-sheet.js";

const UNDO_MILLISECONDS = 8000;
const FAR_METRES = 60;
let closeToast = () => {}; // one deed can be undone at a time: the last

const page = /** @type {HTMLElement} */ (one("[data-walk]"));
const shown = /** @type {HTMLElement} */ (one("[data-walk-card]"));
const state = {
  /** @type {any[]} */ stops: [],
  /** @type {any} */ route: null,
  chosen: 0,
  /** @type {string | null} */ correcting: null, // the visit that was wrong
  isStale: false, // a correction is on its way: afterwards the server knows best
  /** @type {import("../maps/locate-me.js").Fix | null} */ fix: null,
  /** @type {any} */ map: null,
  /** @type {ReturnType<typeof watchPosition> | null} */ watch: null,
};

/** The server's people as the rules know them. @param {any} person */
const withCard = (person) => ({ ...person, has_card: person.status === "covered" || person.status === "expiring" });

/** What the phone has recorded and the server has not, laid over what the server said. @param {any} stop @param {any} entry */
function overlaid(stop, entry) {
  const isCorrection = Boolean(entry.body.corrects_visit_id);
  const before = isCorrection && stop.before ? stop.before : stop.people;
  const on = vietnamDay(entry.body.happened_at);
  const after = effectOf(before, entry.body, on);
  const { outcome, people, note } = entry.body;
  const times = (stop.last_visit?.times ?? 0) + (isCorrection ? 0 : 1);
  return { ...stop, ...after, before, status: householdStatus(after.people), is_visited: true, last_visit: { id: entry.id, is_mine: true, on, outcome, people, note, times } };
}

/** @param {any} stop */
function metresTo(stop) {
  return state.fix && stop.lon !== null ? metresBetween(state.fix, stop) : null;
}

/** @param {number} from */
function nextUnvisited(from) {
  const order = [...state.stops.slice(from), ...state.stops.slice(0, from)];
  const next = order.find((stop) => !stop.is_visited);
  return next ? state.stops.indexOf(next) : from % Math.max(state.stops.length, 1);
}

function showCount() {
  const done = state.stops.filter((stop) => stop.is_visited).length;
  const words = _("%(done)s of %(all)s households", { done: formatNumber(done), all: formatNumber(state.stops.length) });
  const told = one("[data-walk-count]");
  if (told) told.textContent = `T${state.route.number} · ${words}`;
  const bar = one("[role=progressbar]");
  bar?.setAttribute("aria-valuenow", String(done));
  bar?.querySelector("rect")?.setAttribute("width", String((100 * done) / Math.max(state.stops.length, 1)));
}

function showList() {
  for (const link of all("[data-walk-stop]")) {
    const stop = state.stops.find((one) => one.household_id === link.dataset.walkStop);
    const metres = stop ? metresTo(stop) : null;
    if (stop) link.querySelector("svg")?.replaceWith(statusPicture(`status:${stop.status}:${stop.door_mark}`, 32));
    const far = link.querySelector("[data-walk-far]");
    if (far) far.textContent = stop?.is_visited ? `✓ ${stop.last_visit ? wordsOf(stop.last_visit) : ""}` : metres === null ? "" : formatMetres(metres);
    if (state.stops[state.chosen]?.household_id === link.dataset.walkStop) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
}

function showCard() {
  const stop = state.stops[state.chosen];
  if (!stop) return;
  const metres = metresTo(stop);
  const bearing = state.fix && stop.lon !== null ? bearingDegrees(state.fix, stop) : null;
  shown.replaceChildren(
    ...card(stop, {
      metres,
      bearing,
      isCorrecting: state.correcting !== null,
      onWrong: () => correct(stop.last_visit.id),
      onKeep: () => correct(null),
      onQuick: (/** @type {string} */ outcome) => save(stop, { outcome }),
      onSheet: (/** @type {string} */ kind) => openSheet(stop, kind),
      onList: toggleList,
      onNext: () => choose(nextUnvisited(state.chosen + 1)),
    }),
  );
  shown.hidden = false;
}

/** @param {string | null} wrong the visit that the next result puts right */
function correct(wrong) {
  state.correcting = wrong;
  showCard();
}

function toggleList() {
  const isOpen = page.classList.toggle("shows-list");
  if (isOpen) one('[data-walk-stop][aria-current="true"]')?.scrollIntoView({ block: "center" });
}

/** @param {number} index */
function choose(index) {
  state.chosen = index;
  state.correcting = null;
  page.classList.remove("shows-list");
  showCard();
  showList();
  state.map?.show(state.stops, state.stops[index], state.fix);
}

/** @param {any} stop @param {string} kind */
async function openSheet(stop, kind) {
  const metres = metresTo(stop);
  const entry = await outcomeSheet(stop, kind, { fix: state.fix, metres, isFar: metres !== null && metres > FAR_METRES + (state.fix?.accuracyMetres ?? 0) });
  if (entry) await save(stop, entry);
}

/** @param {any} stop @param {any} entry */
async function save(stop, entry) {
  const id = uuid7();
  const fix = state.watch?.best() ?? null;
  const body = {
    household_id: stop.household_id,
    route_id: page.dataset.walk,
    happened_at: new Date().toISOString(),
    position: fix ? { lon: fix.lon, lat: fix.lat } : null,
    accuracy_metres: fix ? fix.accuracyMetres : null,
    device: navigator.userAgent.slice(0, 100),
    corrects_visit_id: state.correcting,
    ...entry,
  };
  const before = stop;
  const index = state.stops.indexOf(stop);
  try {
    await outbox.add("visit", id, body, { holdMilliseconds: UNDO_MILLISECONDS });
  } catch {
    toast(_("This phone could not keep the result. Free some space, then record it again."), { isBad: true });
    return;
  }
  state.stops[index] = overlaid(stop, { id, body });
  state.isStale ||= state.correcting !== null;
  const undo = async () => {
    if (!(await outbox.takeBack(id))) {
      toast(_("It has been sent already. Record the right result; the later one counts."), { isBad: true });
      return;
    }
    state.stops[index] = before;
    showCount();
    choose(index);
  };
  const metres = fix && stop.lon !== null ? metresBetween(fix, stop) : null;
  const isFar = metres !== null && metres > FAR_METRES + (fix?.accuracyMetres ?? 0);
  const what = `${stop.position} · ${stop.name ?? stop.code}: ${wordsOf(entry)}`;
  const far = _("%(metres)s from the house", { metres: formatMetres(metres ?? 0) });
  closeToast();
  closeToast = toast(isFar ? `${what} (${far})` : what, { action: _("Undo"), onAction: undo, milliseconds: UNDO_MILLISECONDS });
  showCount();
  choose(nextUnvisited(index + 1));
}

/** @param {{waiting: number, aside: number, trouble: string}} facts */
function showWaiting({ waiting, aside, trouble }) {
  showAside(aside);
  if (waiting === 0 && state.isStale) takeRoute().then(showAll, () => {});
  const pill = one("[data-walk-waiting]");
  if (!pill) return;
  const why = { sign_in: _("sign in again"), reload: _("reload the page"), offline: _("no network"), server: _("the server does not answer"), "": "" }[trouble] ?? "";
  pill.hidden = waiting === 0;
  const words = _("%(count)s to send", { count: formatNumber(waiting) });
  pill.replaceChildren(icon("sync", 18), Object.assign(document.createElement("span"), { textContent: why ? `${words}: ${why}` : words }));
}

/** @param {number} count */
function showAside(count) {
  const button = one("[data-walk-aside]");
  if (!button) return;
  button.hidden = count === 0;
  button.replaceChildren(icon("warn", 18), _("%(count)s to look at", { count: formatNumber(count) }));
}

const send = (/** @type {any} */ entry) => sendJson("PUT", `/api/visits/${entry.id}`, entry.body);
const account = String(page.dataset.account);
const outbox = createOutbox({ store: await openStorage(), account, send, onChange: showWaiting });

function startPosition() {
  const chip = one("[data-walk-fix]");
  state.watch = watchPosition({
    onFix(fix) {
      state.fix = fix;
      if (chip) chip.textContent = `GPS ±${formatMetres(fix.accuracyMetres)}`;
      showCard();
      showList();
      state.map?.position(fix);
    },
    onTrouble: (sentence) => chip && (chip.textContent = sentence),
  });
}

async function startMap() {
  const { startWalkMap } = await import("./walk-map.js");
  state.map = await startWalkMap(page, state.route, (/** @type {number} */ position) => choose(state.stops.findIndex((stop) => stop.position === position)));
  state.map?.show(state.stops, state.stops[state.chosen], state.fix);
}

/** The route as the server has it, with what still waits on the phone laid over it. */
async function takeRoute() {
  state.route = await getJson(`/api/walk/${page.dataset.walk}`);
  state.isStale = false;
  const waiting = await outbox.waiting();
  state.stops = state.route.stops.map((/** @type {any} */ stop) => ({ ...stop, people: stop.people.map(withCard) }));
  state.stops = state.stops.map((stop) => waiting.filter((/** @type {any} */ entry) => entry.body.household_id === stop.household_id).reduce(overlaid, stop));
}

function showAll() {
  showCount();
  showCard();
  showList();
}

async function start() {
  await takeRoute();
  page.classList.add("is-live");
  for (const link of all("[data-walk-stop]")) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      choose(state.stops.findIndex((stop) => stop.household_id === link.dataset.walkStop));
    });
  }
  one("[data-walk-waiting]")?.addEventListener("click", () => outbox.flush());
  addEventListener("offline", () => toast(_("No network. Results are kept on this phone and sent by themselves once it is back.")));
  one("[data-walk-aside]")?.addEventListener("click", async () => asideDialog(await outbox.aside(), state.stops, outbox.forget));
  one("[data-walk-locate]")?.addEventListener("click", () => state.fix && state.map?.goTo(state.fix));
  showCount();
  choose(nextUnvisited(0));
  startPosition();
  outbox.start();
  startMap();
}

start().catch((problem) => {
  outbox.start();
  toast(problem.message, { isBad: true });
});
