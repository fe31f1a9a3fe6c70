// Logging in and out: a form over the page while nobody is logged in.
import { words } from "./words.js";

const form = document.getElementById("login");
const field = (name) => form.elements[name];

/** Somebody has to log in first. */
export class NotLoggedIn extends Error {}

/** The code of the first fault in an error's answer; its status where it has none. */
async function codeOf(answer) {
  try {
    return (await answer.json()).issues[0].code;
  } catch {
    return `HTTP ${answer.status}`;
  }
}

function send(method, path, body) {
  return fetch(`/api/v1/session${path}`, {
    method,
    headers: { "Content-Type": "application/json" },
    body: body && JSON.stringify(body),
  });
}

/** Resolve as soon as somebody is logged in, with who that is. */
export async function whoIsThere() {
  const answer = await send("GET", "");
  const who = answer.ok ? await answer.json() : null;
  if (!answer.ok && answer.status !== 401) throw new Error(`HTTP ${answer.status}`);
  const somebody = who && !who.change_password ? who : await letIn(who);
  form.hidden = true;
  document.querySelector("main").hidden = false;
  return somebody;
}

/** Show the form until a login, or the change of a first password, has succeeded. */
async function letIn(who) {
  const ways = await (await send("GET", "/ways")).json();
  const told = new URLSearchParams(location.search).get("login");
  const show = (fault) => {
    form.dataset.step = who ? "change" : "login";
    form.dataset.fault = fault ?? (ways.locked ? "locked" : "");
    form.querySelector("a").hidden = !ways.provider || Boolean(who);
    form.querySelector("a").dataset.provider = ways.provider ?? "";
    field("new").required = Boolean(who);
    field("login").disabled = Boolean(who);
    showWords();
  };
  document.querySelector("main").hidden = true;
  form.hidden = false;
  show(told);
  field("login").focus();
  while (!who || who.change_password) {
    await new Promise((done) => form.addEventListener("submit", done, { once: true }));
    const answer = who ? await changePassword() : await logIn();
    if (answer.ok && !who) who = await answer.json();
    else if (answer.ok) who.change_password = false;
    show(answer.ok ? null : await codeOf(answer));
  }
  form.reset();
  if (told) history.replaceState(null, "", location.pathname);
  return who;
}

function logIn() {
  return send("POST", "", { login: field("login").value, password: field("password").value });
}

function changePassword() {
  return send("PUT", "/password", {
    present: field("password").value,
    new: field("new").value,
  });
}

/** End the session here and, where there is one, at the identity provider. */
export async function logOut() {
  const answer = await send("DELETE", "");
  const { continue_at: next } = answer.ok ? await answer.json() : {};
  if (next) location.assign(next);
  else location.reload();
}

/** Write the form in the language that was chosen. */
export function showWords() {
  const login = words().login;
  const { step, fault } = form.dataset;
  for (const label of form.querySelectorAll("[data-login]"))
    label.textContent = login[label.dataset.login];
  form.querySelector("[data-step=change]").hidden = step !== "change";
  form.querySelector("button").textContent = step === "change" ? login.change : login.enter;
  const link = form.querySelector("a");
  link.textContent = login.through(link.dataset.provider);
  const told = form.querySelector("[role=alert]");
  told.hidden = !fault;
  told.textContent = fault ? (login.faults[fault] ?? login.failed(fault)) : "";
}

form.addEventListener("submit", (event) => event.preventDefault());
