/** The page's style sheet. Two colours: the first run's and the second's; all else is ink on paper. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --paper: #fbfaf8; --card: #ffffff; --ink: #1b1a18; --soft: #6b6760; --line: #e4e0d9;
  --run0: #0b7a75; --run1: #c4501b; --truth: #ffffff;
}
@media (prefers-color-scheme: dark) {
  :root { --paper: #141413; --card: #1c1c1a; --ink: #ecebe7; --soft: #9b978f; --line: #32312d; --run0: #3fc1b8; --run1: #f08a52; }
}
* { box-sizing: border-box; }
body {
  margin: 0; background: var(--paper); color: var(--ink);
  font: 16px/1.55 ui-sans-serif, system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
  font-variant-numeric: tabular-nums; -webkit-text-size-adjust: 100%;
}
main { max-width: 1040px; margin: 0 auto; padding: clamp(20px, 5vw, 56px) clamp(16px, 4vw, 32px) 96px; }
header { border-bottom: 1px solid var(--line); padding-bottom: 24px; }
h1 { font-size: clamp(28px, 5.4vw, 44px); line-height: 1.1; letter-spacing: -0.022em; font-weight: 680; margin: 0 0 8px; text-wrap: balance; overflow-wrap: anywhere; }
h2 { font-size: 22px; line-height: 1.25; letter-spacing: -0.012em; font-weight: 640; margin: 56px 0 4px; }
h3 { font-size: 15px; font-weight: 620; margin: 28px 0 6px; }
p { max-width: 66ch; margin: 6px 0 16px; text-wrap: pretty; }
.lead { color: var(--soft); font-size: 17px; margin-bottom: 0; }
.note { color: var(--soft); font-size: 14px; }
small { color: var(--soft); font-size: 12.5px; }
a { color: inherit; }
.figures { display: grid; grid-template-columns: repeat(auto-fit, minmax(132px, 1fr)); gap: 18px 24px; margin: 28px 0 0; }
.figures div { border-top: 2px solid var(--run0); padding-top: 8px; }
.figures.run1 div { border-color: var(--run1); }
.figures dt { color: var(--soft); font-size: 13px; }
.figures dd { margin: 0; font-size: 27px; line-height: 1.2; font-weight: 640; letter-spacing: -0.02em; }
.figures dd small { font-weight: 400; font-size: 15px; letter-spacing: 0; }
.grid2 { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 340px), 1fr)); gap: 24px 40px; }
.chart { margin: 12px 0 0; }
.chart svg { display: block; width: 100%; max-width: 560px; height: auto; overflow: visible; }
.chart figcaption { display: flex; flex-wrap: wrap; gap: 4px 18px; font-size: 13px; order: -1; color: var(--soft); }
.chart { display: flex; flex-direction: column; }
.chart .measure { color: var(--ink); font-weight: 600; }
.legend { display: flex; flex-wrap: wrap; gap: 4px 14px; }
.key i { display: inline-block; width: 18px; height: 0; border-top: 2.5px solid; vertical-align: middle; margin-right: 6px; }
.key i.run0, .line.run0 { color: var(--run0); border-color: var(--run0); }
.key i.run1, .line.run1 { color: var(--run1); border-color: var(--run1); }
.key i.dashed { border-top-style: dashed; }
.line { fill: none; stroke: currentColor; stroke-width: 2; stroke-linejoin: round; stroke-linecap: round; }
.line.dashed { stroke-dasharray: 5 4; }
.line.guide { stroke: var(--soft); stroke-width: 1; stroke-dasharray: 2 4; }
.dot.run0 { fill: var(--run0); } .dot.run1 { fill: var(--run1); }
.grid { stroke: var(--line); stroke-width: 1; } .axis { stroke: var(--soft); stroke-width: 1; }
.tick, .label { fill: var(--soft); font-size: 12px; }
.label { font-size: 12.5px; }
.bars { display: grid; grid-template-columns: minmax(96px, max-content) 1fr; gap: 8px 14px; align-items: center; max-width: 560px; margin-top: 10px; font-size: 14px; }
.bar-label { line-height: 1.25; } .bar-label small { display: block; }
.bar { display: flex; align-items: center; gap: 10px; }
.bar .track { flex: 1; } .bar i { display: block; height: 10px; border-radius: 2px; min-width: 2px; }
.bar i.run0 { background: var(--run0); } .bar i.run1 { background: var(--run1); }
.bar b { font-weight: 500; min-width: 56px; text-align: right; }
.gallery { display: grid; grid-template-columns: repeat(4, 1fr); gap: 16px; margin-top: 12px; }
.gallery figure { margin: 0; }
.gallery svg { display: block; width: 100%; height: auto; border-radius: 6px; background: var(--line); }
.gallery figcaption { font-size: 13px; color: var(--soft); padding-top: 4px; }
.gallery.small { grid-template-columns: repeat(6, 1fr); gap: 8px; }
.grid2 .gallery { grid-template-columns: repeat(2, 1fr); } .grid2 .gallery.small { grid-template-columns: repeat(4, 1fr); }
.truth { fill: none; stroke: #ffffff; stroke-width: 1; }
.guess { fill: #ffb000; } .miss { stroke: #ffb000; stroke-width: 1; opacity: .75; }
.filters { width: 100%; height: auto; max-width: 560px; image-rendering: pixelated; border-radius: 4px; background: var(--line); display: block; margin-top: 12px; }
.scroll { overflow-x: auto; margin-top: 12px; }
table { border-collapse: collapse; font-size: 14px; min-width: 100%; }
th, td { text-align: right; padding: 6px 14px 6px 0; border-bottom: 1px solid var(--line); white-space: nowrap; vertical-align: top; }
th { font-weight: 600; color: var(--soft); font-size: 13px; }
th:first-child, td:first-child { text-align: left; }
dl.settings { display: grid; grid-template-columns: minmax(110px, max-content) 1fr; gap: 6px 20px; font-size: 14px; margin: 12px 0; }
dl.settings dt { color: var(--soft); } dl.settings dd { margin: 0; overflow-wrap: anywhere; }
code { font: 13px/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; overflow-wrap: anywhere; }
.who { display: inline-block; width: 11px; height: 11px; border-radius: 3px; margin-right: 8px; }
.who.run0 { background: var(--run0); } .who.run1 { background: var(--run1); }
@media (max-width: 640px) { .gallery { grid-template-columns: repeat(2, 1fr); gap: 12px; } .gallery.small { grid-template-columns: repeat(3, 1fr); } h2 { margin-top: 44px; } dl.settings { grid-template-columns: 1fr; gap: 0; } dl.settings dd { margin-bottom: 10px; } }
@media print { h2 { break-after: avoid; } figure { break-inside: avoid; } }
`;
