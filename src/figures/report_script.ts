/**
 * The one script a report runs: unpacks Plotly and draws the figures.
 *
 * @module
 */

/**
 * JavaScript of a report page.
 *
 * The page is readable before it runs. A figure is drawn when it comes near the view, the rest while the page is idle,
 * so that printing finds them all; a change between light and dark, and paper, draw them again in other colours.
 * Once a figure is there, `data-drawn` on its canvas names its theme.
 */
export const reportScript: string = `
(() => {
  const { figures, templates } = JSON.parse(document.getElementById("figures").textContent);
  const canvases = [...document.querySelectorAll(".canvas")];
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const config = {
    responsive: true,
    displaylogo: false,
    modeBarButtons: [["toImage"]],
    toImageButtonOptions: { format: "svg" },
  };

  // A loop: an iteration over millions of characters takes longer than Plotly itself.
  const unpacked = (text) => {
    const bytes = new Uint8Array(text.length);
    for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i);
    return bytes;
  };
  let loading;
  const load = () => loading ??= (async () => {
    const packed = document.getElementById("plotly").textContent;
    const bytes = Uint8Array.fromBase64 ? Uint8Array.fromBase64(packed) : unpacked(atob(packed));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
    const script = document.createElement("script");
    script.textContent = await new Response(stream).text();
    document.head.append(script);
    return globalThis.Plotly;
  })();

  const started = new Set();
  const paint = async (plotly, canvas, theme, width) => {
    started.add(canvas);
    const { data, layout } = structuredClone(figures[canvas.dataset.figure]);
    await plotly.react(canvas, data, { ...layout, width, autosize: !width, template: templates[theme] }, config);
    if (!canvas.dataset.drawn) showPictures(canvas, layout.meta?.pictures);
    canvas.dataset.drawn = theme;
  };
  // Plotly's own labels hold text only: where points count in a list of pictures, theirs appears beside them.
  const showPictures = (canvas, pictures) => {
    if (!pictures) return;
    const image = document.createElement("img");
    image.className = "thumbnail";
    image.alt = "";
    image.hidden = true;
    canvas.append(image);
    canvas.on("plotly_hover", ({ points: [{ customdata, bbox }] }) => {
      const address = pictures[customdata];
      if (!address?.startsWith("data:image/")) return;
      // Plotly counts from where the canvas counts from.
      const left = (bbox.x0 + bbox.x1) / 2 - canvas.offsetLeft;
      const [top, bottom] = [bbox.y0, bbox.y1].map((y) => y - canvas.offsetTop);
      // Above the point, or below it where there is no room.
      const isHigh = top < 120;
      Object.assign(image.style, {
        position: "absolute", zIndex: 2, pointerEvents: "none", maxWidth: "112px", maxHeight: "112px", minWidth: "64px",
        left: Math.min(Math.max(left, 56), canvas.clientWidth - 56) + "px",
        top: (isHigh ? bottom + 10 : top - 10) + "px",
        transform: "translate(-50%, " + (isHigh ? "0" : "-100%") + ")",
      });
      image.src = address;
      image.hidden = false;
    });
    canvas.on("plotly_unhover", () => image.hidden = true);
  };
  const theme = () => dark.matches ? "dark" : "light";
  const draw = async (canvas) => {
    if (started.has(canvas)) return;
    started.add(canvas);
    try {
      await paint(await load(), canvas, theme());
    } catch (error) {
      canvas.textContent = "This figure could not be drawn: " + error.message;
      console.error(error);
    }
  };
  const redraw = (theme, width) => {
    for (const canvas of canvases) {
      if (globalThis.Plotly) paint(globalThis.Plotly, canvas, theme, width);
    }
  };

  const observer = new IntersectionObserver((entries) => {
    for (const { isIntersecting, target } of entries) if (isIntersecting) draw(target);
  }, { rootMargin: "200px" });
  canvases.forEach((canvas) => observer.observe(canvas));
  const idle = globalThis.requestIdleCallback ?? ((task) => setTimeout(task, 200));
  const drawRest = async () => {
    const next = canvases.find((canvas) => !started.has(canvas));
    if (next) await draw(next), idle(drawRest);
  };
  addEventListener("load", () => idle(drawRest));

  dark.addEventListener("change", () => redraw(theme()));
  addEventListener("beforeprint", () => redraw("light", 310));
  addEventListener("afterprint", () => redraw(theme()));
})();
`;
