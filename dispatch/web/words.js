const counted = (n, one, more) => `${n} ${n === 1 ? one : more}`;

// German first, English on request.
const WORDS = {
  de: {
    day: "Tag",
    routes: "Touren",
    bill: "Kosten des Plans",
    map: "Karte der Touren",
    zoomIn: "Vergrößern",
    zoomOut: "Verkleinern",
    zoomAll: "Alles zeigen",
    switchTo: "English",
    unassigned: (n) => (n ? `Nicht eingeplant (${n})` : "Alle Aufträge sind eingeplant"),
    remedies: (n) => (n === 1 ? "Was nötig wäre" : `Was nötig wäre (${n} Möglichkeiten)`),
    noRemedy: "Keine Änderung bekannt, mit der er einzuplanen wäre.",
    required: "muss",
    optional: "kann",
    jobs: (n) => counted(n, "Auftrag", "Aufträge"),
    time: "Zeit",
    what: "Arbeit",
    where: "Ort und Grund",
    amount: "Menge",
    sum: "Summe",
    noPlan: "Für diesen Tag gibt es noch keinen veröffentlichten Plan.",
    failed: (why) => `Der Dienst antwortet nicht (${why}). Neuer Versuch in 5 Sekunden.`,
    standIn: (name) =>
      `Ersatznetz: Die Straßen sind erzeugt, nicht echt (${name}). Fahrzeiten gelten nur für die Vorführung.`,
    summary: (p) =>
      `${counted(p.jobs, "Auftrag", "Aufträge")} · ${counted(p.routes, "Tour", "Touren")} · ${p.km} km · Revision ${p.revisions} · Planung ${p.seconds} s`,
    logOut: "Abmelden",
    login: {
      title: "Anmelden",
      name: "Anmeldename",
      password: "Passwort",
      new: "Neues Passwort",
      rule: "Mindestens 12 Zeichen; am besten mehrere Wörter.",
      enter: "Anmelden",
      change: "Passwort setzen",
      through: (provider) => `Über ${provider} anmelden`,
      failed: (code) => `Das hat nicht geklappt (${code}).`,
      faults: {
        locked: "Noch niemand hat ein Konto: dispatch user add NAME --role admin legt das erste an.",
        Z105: "Anmeldename oder Passwort stimmt nicht.",
        Z106: "Zu viele Fehlversuche. Bitte in einer Viertelstunde noch einmal.",
        Z107: "Gerade melden sich viele an. Bitte gleich noch einmal.",
        Z109: "Bitte zuerst ein eigenes Passwort setzen.",
        Z202: "Dieses Passwort ist zu leicht zu erraten.",
        Z408: "Keine Ihrer Gruppen hat hier Zugang. Bitte an die Verwaltung wenden.",
      },
    },
    organisations: { usb: "USB", parks: "Technischer Betrieb" },
    stops: { start: "Abfahrt", break: "Pause", reload: "Anlage", end: "Ende" },
    kinds: {
      empty: "Glas leeren",
      water: "Gießen",
      bait: "Köder auslegen",
      aerate: "Teich belüften",
      check: "Vor Ort prüfen",
      service: "Sensor warten",
      clean: "Reinigen",
      notice: "Hinweis prüfen",
    },
    dimensions: {
      white_glass_l: "l weiß",
      green_glass_l: "l grün",
      brown_glass_l: "l braun",
      water_l: "l Wasser",
      bait_items: "Köder",
    },
  },
  en: {
    day: "Day",
    routes: "Routes",
    bill: "What the plan costs",
    map: "Map of the routes",
    zoomIn: "Zoom in",
    zoomOut: "Zoom out",
    zoomAll: "Show all",
    switchTo: "Deutsch",
    unassigned: (n) => (n ? `Unassigned (${n})` : "All jobs are on a route"),
    remedies: (n) => (n === 1 ? "What it would take" : `What it would take (${n} ways)`),
    noRemedy: "No change is known that would get it in.",
    required: "must",
    optional: "may",
    jobs: (n) => counted(n, "job", "jobs"),
    time: "Time",
    what: "Work",
    where: "Place and reason",
    amount: "Amount",
    sum: "Total",
    noPlan: "No plan has been published for this day yet.",
    failed: (why) => `The service does not answer (${why}). Trying again in 5 seconds.`,
    standIn: (name) =>
      `Stand-in network: these streets are generated, not real (${name}). Driving times are for demonstration only.`,
    summary: (p) =>
      `${counted(p.jobs, "job", "jobs")} · ${counted(p.routes, "route", "routes")} · ${p.km} km · revision ${p.revisions} · planned in ${p.seconds} s`,
    logOut: "Log out",
    login: {
      title: "Log in",
      name: "Login name",
      password: "Password",
      new: "New password",
      rule: "At least 12 characters; several words are best.",
      enter: "Log in",
      change: "Set password",
      through: (provider) => `Log in through ${provider}`,
      failed: (code) => `That did not work (${code}).`,
      faults: {
        locked: "Nobody has an account yet: dispatch user add NAME --role admin makes the first.",
        Z105: "The login name or the password is wrong.",
        Z106: "Too many failed logins. Please try again in a quarter of an hour.",
        Z107: "Many people are logging in right now. Please try again.",
        Z109: "Please set a password of your own first.",
        Z202: "This password is too easy to guess.",
        Z408: "None of your groups has access here. Please ask an administrator.",
      },
    },
    organisations: { usb: "USB", parks: "Parks and sewers" },
    stops: { start: "Start", break: "Break", reload: "Facility", end: "End" },
    kinds: {
      empty: "Empty glass",
      water: "Water",
      bait: "Lay bait",
      aerate: "Aerate pond",
      check: "Check on site",
      service: "Service sensor",
      clean: "Clean up",
      notice: "Follow a notice",
    },
    dimensions: {
      white_glass_l: "l white",
      green_glass_l: "l green",
      brown_glass_l: "l brown",
      water_l: "l water",
      bait_items: "bait",
    },
  },
};

let language = localStorage.getItem("language") === "en" ? "en" : "de";

export const lang = () => language;
export const words = () => WORDS[language];
export const number = (value, digits = 0) =>
  value.toLocaleString(language, { minimumFractionDigits: digits, maximumFractionDigits: digits });
export const clock = (moment) =>
  new Date(moment).toLocaleTimeString("de", {
    hour: "2-digit",
    minute: "2-digit",
    timeZone: "Europe/Berlin",
  });

export function switchLanguage() {
  language = language === "de" ? "en" : "de";
  localStorage.setItem("language", language);
}
