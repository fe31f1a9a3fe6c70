// Draws our own street graph and the routes on a canvas; pans by dragging, zooms by wheel,
// buttons and keys. No map service is asked for anything.

const MAIN = /motorway|trunk|primary|secondary/;

export class PlanMap {
  constructor(canvas, onHover) {
    this.canvas = canvas;
    this.onHover = onHover;
    this.streets = [];
    this.routes = [];
    this.view = null;
    this.chosen = null;
    new ResizeObserver(() => this.resize()).observe(canvas);
    this.listen();
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.draw());
  }

  /** Takes [{highway, lines: [[[lon, lat], ...], ...]}] and shows all of it. */
  setStreets(classes) {
    this.streets = classes
      .map(({ highway, lines }) => ({
        main: MAIN.test(highway),
        lines: lines.map((line) => line.map(project)),
      }))
      .sort((a, b) => a.main - b.main);
    this.showAll();
  }

  /** Takes [{id, colour, lines: [[[lon, lat], ...]], stops: [{at: [lon, lat], label, kind}]}]. */
  setRoutes(routes) {
    this.routes = routes.map((route) => ({
      ...route,
      lines: route.lines.map((line) => line.map(project)),
      stops: route.stops.map((stop) => ({ ...stop, at: project(stop.at) })),
    }));
    if (!this.streets.length) this.showAll();
    this.draw();
  }

  choose(id) {
    this.chosen = id;
    this.draw();
  }

  showAll() {
    const bounds = { west: Infinity, east: -Infinity, south: Infinity, north: -Infinity };
    const groups = this.streets.length ? this.streets : this.routes;
    for (const { lines } of groups)
      for (const line of lines)
        for (const [x, y] of line) {
          bounds.west = Math.min(bounds.west, x);
          bounds.east = Math.max(bounds.east, x);
          bounds.south = Math.min(bounds.south, y);
          bounds.north = Math.max(bounds.north, y);
        }
    if (bounds.west > bounds.east) return;
    const { clientWidth: width, clientHeight: height } = this.canvas;
    const scale =
      0.94 *
      Math.min(width / (bounds.east - bounds.west), height / (bounds.north - bounds.south));
    this.view = {
      x: (bounds.west + bounds.east) / 2,
      y: (bounds.south + bounds.north) / 2,
      scale,
    };
    this.fit = scale;
    this.draw();
  }

  zoom(factor, px, py) {
    if (!this.view) return;
    const { clientWidth: width, clientHeight: height } = this.canvas;
    const [cx, cy] = [px ?? width / 2, py ?? height / 2];
    const scale = Math.min(Math.max(this.view.scale * factor, this.fit / 2), this.fit * 80);
    const k = 1 / this.view.scale - 1 / scale;
    this.view = {
      x: this.view.x + (cx - width / 2) * k,
      y: this.view.y - (cy - height / 2) * k,
      scale,
    };
    this.draw();
  }

  pan(dx, dy) {
    if (!this.view) return;
    this.view.x -= dx / this.view.scale;
    this.view.y += dy / this.view.scale;
    this.draw();
  }

  resize() {
    const ratio = devicePixelRatio || 1;
    this.canvas.width = this.canvas.clientWidth * ratio;
    this.canvas.height = this.canvas.clientHeight * ratio;
    if (!this.view) this.showAll();
    this.draw();
  }

  listen() {
    const { canvas } = this;
    let from = null;
    canvas.addEventListener("pointerdown", (event) => {
      from = [event.clientX, event.clientY];
      canvas.setPointerCapture(event.pointerId);
    });
    canvas.addEventListener("pointermove", (event) => {
      if (from) {
        this.pan(event.clientX - from[0], event.clientY - from[1]);
        from = [event.clientX, event.clientY];
      } else {
        this.hover(event.offsetX, event.offsetY);
      }
    });
    for (const name of ["pointerup", "pointercancel"])
      canvas.addEventListener(name, () => (from = null));
    canvas.addEventListener("pointerleave", () => this.onHover(null));
    canvas.addEventListener(
      "wheel",
      (event) => {
        event.preventDefault();
        this.zoom(event.deltaY < 0 ? 1.25 : 0.8, event.offsetX, event.offsetY);
      },
      { passive: false },
    );
    const steps = { ArrowLeft: [60, 0], ArrowRight: [-60, 0], ArrowUp: [0, 60], ArrowDown: [0, -60] };
    canvas.addEventListener("keydown", (event) => {
      if (steps[event.key]) this.pan(...steps[event.key]);
      else if (event.key === "+") this.zoom(1.4);
      else if (event.key === "-") this.zoom(1 / 1.4);
      else return;
      event.preventDefault();
    });
  }

  hover(px, py) {
    let best = null;
    let nearest = 12;
    for (const route of this.routes)
      for (const stop of route.stops) {
        const [x, y] = this.pixel(stop.at);
        const gap = Math.hypot(x - px, y - py);
        if (gap < nearest) {
          nearest = gap;
          best = { route: route.id, stop, px, py };
        }
      }
    this.onHover(best);
  }

  pixel([x, y]) {
    const { clientWidth: width, clientHeight: height } = this.canvas;
    return [
      (x - this.view.x) * this.view.scale + width / 2,
      height / 2 - (y - this.view.y) * this.view.scale,
    ];
  }

  draw() {
    if (!this.view) return;
    const pen = this.canvas.getContext("2d");
    const ratio = devicePixelRatio || 1;
    pen.setTransform(ratio, 0, 0, ratio, 0, 0);
    pen.clearRect(0, 0, this.canvas.clientWidth, this.canvas.clientHeight);
    pen.lineJoin = pen.lineCap = "round";
    const style = getComputedStyle(document.documentElement);
    const near = this.view.scale / this.fit;
    for (const { main, lines } of this.streets) {
      pen.strokeStyle = style.getPropertyValue(main ? "--street-main" : "--street");
      pen.lineWidth = (main ? 1.6 : 0.6) * Math.min(4, Math.max(1, Math.sqrt(near)));
      this.strokeAll(pen, lines);
    }
    const last = this.routes.filter((route) => route.id === this.chosen);
    const first = this.routes.filter((route) => route.id !== this.chosen);
    for (const route of [...first, ...last]) this.drawRoute(pen, route);
  }

  drawRoute(pen, route) {
    const pale = this.chosen && route.id !== this.chosen;
    pen.globalAlpha = pale ? 0.22 : 0.95;
    pen.strokeStyle = pen.fillStyle = route.colour;
    pen.lineWidth = route.id === this.chosen ? 3.4 : 2;
    this.strokeAll(pen, route.lines);
    for (const stop of route.stops) {
      const [x, y] = this.pixel(stop.at);
      const size = stop.kind === "job" ? 4 : 5;
      pen.beginPath();
      if (stop.kind === "job") pen.arc(x, y, size, 0, 7);
      else pen.rect(x - size, y - size, 2 * size, 2 * size);
      pen.fill();
      pen.lineWidth = 1;
      pen.strokeStyle = "#fff";
      pen.stroke();
    }
    pen.globalAlpha = 1;
  }

  strokeAll(pen, lines) {
    pen.beginPath();
    for (const line of lines) {
      line.forEach((point, index) => {
        const [x, y] = this.pixel(point);
        if (index) pen.lineTo(x, y);
        else pen.moveTo(x, y);
      });
    }
    pen.stroke();
  }
}

/** Web Mercator without its constant, so that the city keeps its shape. */
function project([lon, lat]) {
  return [lon, (Math.log(Math.tan(Math.PI / 4 + (lat * Math.PI) / 360)) * 180) / Math.PI];
}
