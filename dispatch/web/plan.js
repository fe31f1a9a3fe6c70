// The plan of a day: routes with their stops and reasons as tables, and on the map beside them.
import { logOut, NotLoggedIn, showWords, whoIsThere } from "./login.js";
import { PlanMap } from "./map.js";
import { clock, lang, number, switchLanguage, words } from "./words.js";

const COLOURS = [
  "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#8a6d00", "#56a0d3",
  "#a6341b", "#5b4fa8", "#3c7d22", "#b0447a", "#00797d", "#7a5230",
];
const RETRY_MS = 5000;

const state = { who: null, info: null, plan: null, jobs: new Map(), day: null, problem: null, route: null };
const map = new PlanMap(byId("map"), showHover);

function byId(id) {
  return document.getElementById(id);
}

/** Make an element: properties by name, children as nodes or text (never as markup). */
function make(tag, properties = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties))
    if (name.startsWith("data-") || name.startsWith("aria-") || name === "colspan")
      element.setAttribute(name, value);
    else element[name] = value;
  element.append(...children.filter((child) => child !== null));
  return element;
}

async function ask(path) {
  const answer = await fetch(`/api/v1/${path}`, { headers: { Accept: "application/json" } });
  if (answer.status === 404) return null;
  if (answer.status === 401) throw new NotLoggedIn();
  if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
  return answer.json();
}

/** Run a load; when the service is away, say so and try again until it is back. */
async function load(work) {
  try {
    await work();
    state.problem = null;
  } catch (error) {
    // A session that is over shows the form again; what was wanted goes on after it.
    if (error instanceof NotLoggedIn) return load(() => enter().then(work));
    console.warn(error);
    state.problem = error.message;
    setTimeout(() => load(work), RETRY_MS);
  }
  render();
}

const askAll = (paths) => Promise.all(paths.map(ask));

async function enter() {
  state.who = await whoIsThere();
  render();
}

async function loadStart() {
  await enter();
  map.setStreets((await ask("map/streets")).classes);
  await loadDay(new URLSearchParams(location.search).get("day"));
}

/** Load the plans in force that day; without a day, the latest day that has one. */
async function loadDay(wanted) {
  state.info = await ask("info");
  const day = wanted ?? state.info.days[0] ?? new Date().toISOString().slice(0, 10);
  const planned = state.info.days.includes(day);
  const plans = planned ? await ask(`days/${encodeURIComponent(day)}/plans`) : [];
  const plan = plans.length ? together(plans) : null;
  const [jobs, geometry] = await Promise.all([
    askAll(plans.map(({ id }) => `plans/${id}/jobs`)),
    askAll(plans.map(({ id }) => `plans/${id}/geometry`)),
  ]);
  state.day = day;
  state.plan = plan;
  state.route = null;
  state.jobs = new Map(jobs.flat().map((job) => [job.id, job]));
  const features = geometry.flatMap((one) => one.features);
  map.setRoutes(plan ? plan.routes.map((route, i) => drawn(route, i, features)) : []);
}

function drawn(route, index, features) {
  const lines = features.filter(
    (feature) =>
      feature.geometry.type.endsWith("LineString") &&
      feature.properties.shift_id === route.shift_id,
  );
  return {
    id: route.shift_id,
    colour: COLOURS[index % COLOURS.length],
    lines: lines.flatMap(({ geometry: { type, coordinates } }) =>
      type === "LineString" ? [coordinates] : coordinates,
    ),
    stops: route.stops.map((stop) => ({ ...stop, at: stop.location })),
  };
}

/** The plans of all organisations as one day: what one leaves and another serves is not left. */
function together(plans) {
  const served = new Set(
    plans.flatMap(({ routes }) => routes.flatMap(({ stops }) => stops.map((stop) => stop.job_id))),
  );
  const left = new Map(plans.flatMap((plan) => plan.unassigned.map((one) => [one.job_id, one])));
  const bill = new Map();
  for (const line of plans.flatMap((plan) => plan.bill))
    bill.set(line.code, {
      ...line,
      amount_ct: line.amount_ct + (bill.get(line.code)?.amount_ct ?? 0),
    });
  const sum = (name) => plans.reduce((total, plan) => total + plan[name], 0);
  return {
    streets: plans[0].streets,
    revisions: plans.map(({ organisation, revision }) => ({ organisation, revision })),
    routes: plans.flatMap((plan) => plan.routes),
    unassigned: [...left.values()].filter((one) => !served.has(one.job_id)),
    bill: [...bill.values()],
    cost_ct: sum("cost_ct"),
    distance_m: sum("distance_m"),
    jobs_served: sum("jobs_served"),
    solve_s: sum("solve_s"),
  };
}

function render() {
  document.documentElement.lang = lang();
  for (const element of document.querySelectorAll("[data-word]"))
    element.textContent = words()[element.dataset.word];
  for (const element of document.querySelectorAll("[data-label]"))
    element.setAttribute("aria-label", words()[element.dataset.label]);
  byId("map").setAttribute("aria-label", words().map);
  byId("language").textContent = words().switchTo;
  byId("language").lang = lang() === "de" ? "en" : "de";
  byId("logout").textContent = words().logOut;
  byId("who").textContent = state.who?.name ?? "";
  byId("logout").hidden = byId("who").hidden = !state.who;
  showWords();
  renderNotice();
  if (!state.info) return;
  byId("attribution").textContent = state.info.streets.attribution;
  renderDays();
  renderSummary();
  const routes = state.plan?.routes ?? [];
  byId("routes").replaceChildren(...routes.map(routeView));
  renderUnassigned();
  renderBill();
}

function renderNotice() {
  const source = state.plan?.streets ?? state.info?.streets;
  const standIn = source?.stand_in ? words().standIn(source.name) : "";
  const notice = state.problem ? words().failed(state.problem) : standIn;
  byId("notice").textContent = notice;
  byId("notice").hidden = !notice;
}

function renderDays() {
  const days = [...new Set([state.day, ...state.info.days])].filter(Boolean).sort().reverse();
  const shown = new Intl.DateTimeFormat(lang(), { dateStyle: "full", timeZone: "UTC" });
  byId("day").replaceChildren(
    ...days.map((day) =>
      make("option", { value: day, selected: day === state.day }, shown.format(new Date(day))),
    ),
  );
}

function renderSummary() {
  const { plan } = state;
  byId("summary").textContent = plan
    ? words().summary({
        jobs: plan.jobs_served,
        routes: plan.routes.length,
        km: number(plan.distance_m / 1000),
        revisions: plan.revisions
          .map((one) => `${words().organisations[one.organisation]} ${one.revision}`)
          .join(", "),
        seconds: number(plan.solve_s, 1),
      })
    : words().noPlan;
}

function routeView(route, index) {
  const jobs = route.stops.filter((stop) => stop.job_id).length;
  const km = number(route.distance_m / 1000, 1);
  const times = `${clock(route.stops[0].arrives_at)}–${clock(route.stops.at(-1).departs_at)}`;
  const view = make(
    "details",
    { open: route.shift_id === state.route },
    make(
      "summary",
      {},
      make("span", {}, make("strong", {}, route.crew_name), ` · ${route.vehicle_name}`),
      make("span", {}, `${words().jobs(jobs)} · ${km} km · ${times}`),
    ),
    make("div", { className: "scroll" }, stopsTable(route)),
  );
  view.style.setProperty("--crew", COLOURS[index % COLOURS.length]);
  view.addEventListener("toggle", () => chooseRoute(view, route.shift_id));
  return view;
}

/** One route at a time is open, and it is the one that stands out on the map. */
function chooseRoute(view, id) {
  if (view.open) {
    for (const other of byId("routes").children) if (other !== view) other.open = false;
    state.route = id;
  } else if (state.route === id) {
    state.route = null;
  }
  map.choose(state.route);
}

function stopsTable(route) {
  const { time, what, where, amount } = words();
  const head = [time, what, where, amount].map((title) => make("th", { scope: "col" }, title));
  return make(
    "table",
    {},
    make("thead", {}, make("tr", {}, ...head)),
    make("tbody", {}, ...route.stops.map(stopRow)),
  );
}

function stopRow(stop) {
  const job = state.jobs.get(stop.job_id);
  const what = job ? words().kinds[job.kind] : words().stops[stop.kind];
  const place = stop.kind === "break" ? "" : stop.name;
  return make(
    "tr",
    stop.job_id ? { "data-job": stop.job_id } : {},
    make("td", { className: "number" }, `${clock(stop.starts_at)}–${clock(stop.departs_at)}`),
    make("td", {}, what, job ? urgency(job) : null),
    make("td", {}, place, job ? make("small", {}, job.reason[lang()]) : null),
    make("td", { className: "number" }, ...amounts(job?.loads ?? [])),
  );
}

function urgency(job) {
  return make(
    "small",
    { className: job.required ? "must" : "" },
    job.required ? words().required : words().optional,
  );
}

function amounts(loads) {
  return loads
    .filter((load) => load.amount)
    .map((load) =>
      make("div", {}, `${number(load.amount)} ${words().dimensions[load.dimension]}`),
    );
}

function renderUnassigned() {
  const left = [...(state.plan?.unassigned ?? [])].sort(
    (a, b) => (state.jobs.get(b.job_id)?.required ?? 0) - (state.jobs.get(a.job_id)?.required ?? 0),
  );
  byId("unassigned-title").textContent = state.plan ? words().unassigned(left.length) : "";
  const rows = left.map((one) => {
    const { job_id: id, text } = one;
    const job = state.jobs.get(id);
    return make(
      "tr",
      {},
      make("td", {}, job ? words().kinds[job.kind] : id, job ? urgency(job) : null),
      make(
        "td",
        {},
        job?.site_name ?? "",
        make("small", {}, job?.reason[lang()] ?? ""),
        make("small", {}, `→ ${text[lang()]}`),
        remediesView(one),
      ),
    );
  });
  byId("unassigned").replaceChildren(
    ...(rows.length ? [make("table", {}, make("tbody", {}, ...rows))] : []),
  );
}

/** What would get the job in; nothing where planning has not looked for it. */
function remediesView({ remedies, sought }) {
  if (!sought) return null;
  if (!remedies.length) return make("small", {}, words().noRemedy);
  return make(
    "details",
    { className: "remedies" },
    make("summary", {}, words().remedies(remedies.length)),
    make("ul", {}, ...remedies.map((remedy) => make("li", {}, remedy.text[lang()]))),
  );
}

function renderBill() {
  const euros = (cents) =>
    (cents / 100).toLocaleString(lang(), { style: "currency", currency: "EUR" });
  const line = (label, cents) =>
    make(
      "tr",
      {},
      make("th", { scope: "row" }, label),
      make("td", { className: "number" }, euros(cents)),
    );
  const { plan } = state;
  const lines = plan ? plan.bill.map((entry) => line(entry.label[lang()], entry.amount_ct)) : [];
  byId("bill").replaceChildren(
    make("tbody", {}, ...lines, ...(plan ? [line(words().sum, plan.cost_ct)] : [])),
  );
}

function showHover(found) {
  const box = byId("hover");
  box.hidden = !found;
  if (!found) return;
  const { stop } = found;
  const job = state.jobs.get(stop.job_id);
  const what = job ? words().kinds[job.kind] : words().stops[stop.kind];
  box.replaceChildren(
    make("strong", {}, `${clock(stop.starts_at)} ${what}`),
    make("div", {}, stop.name),
    ...(job ? [make("small", {}, job.reason[lang()])] : []),
  );
  box.style.left = `${Math.min(found.px + 14, byId("map").clientWidth - 240)}px`;
  box.style.top = `${found.py + 14}px`;
}

byId("day").addEventListener("change", (event) => load(() => loadDay(event.target.value)));
byId("language").addEventListener("click", () => {
  switchLanguage();
  render();
});
byId("logout").addEventListener("click", logOut);
byId("zoom-in").addEventListener("click", () => map.zoom(1.5));
byId("zoom-out").addEventListener("click", () => map.zoom(1 / 1.5));
byId("zoom-all").addEventListener("click", () => map.showAll());

render();
load(loadStart);
