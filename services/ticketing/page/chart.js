// Sales as bars above the slider, on the same axis of time.

const SVG = "http://www.w3.org/2000/svg";

/** Draw bars over `span` seconds; those after `now` (seconds from the start) have not happened yet. */
export function draw(svg, { size, sold }, span, now) {
  const most = Math.max(1, ...sold);
  const width = (size / span) * 1000;
  const gap = Math.min(width * 0.25, 4);
  const shapes = sold.map((tickets, n) => {
    const height = (tickets / most) * 96;
    const left = n * width;
    return rect({
      class: n * size >= now ? "bar-later" : "bar-then",
      x: left + gap / 2,
      width: Math.max(0.5, Math.min(width, 1000 - left) - gap),
      y: 100 - Math.max(height, tickets ? 1.5 : 0),
      height: Math.max(height, tickets ? 1.5 : 0),
    });
  });
  if (now < span) shapes.push(rect({ class: "cursor", x: (now / span) * 1000 - 1, y: 0, width: 2, height: 100 }));
  svg.replaceChildren(...shapes);
  return most;
}

function rect(attributes) {
  const shape = document.createElementNS(SVG, "rect");
  for (const [name, value] of Object.entries(attributes)) shape.setAttribute(name, value);
  return shape;
}
