import { html, svg, type SVGTemplateResult, type TemplateResult } from 'lit';

/** Line drawings of 24 units. */
const ICONS = {
  open: svg`<rect x="3.5" y="4.5" width="17" height="15" rx="3"/><circle cx="8.8" cy="9.6" r="1.6"/><path d="m4 17 5-4.5 3.4 3 3-2.6L20 17"/>`,
  face: svg`<circle cx="12" cy="12" r="8.5"/><path d="M8.7 14.4a4.4 4.4 0 0 0 6.6 0"/><path d="M9 9.6v.6M15 9.6v.6"/>`,
  overlay: svg`<path d="M6 4.5c0 9.5 2 15 6 15s6-5.500 6-15"/><path d="M8.700 8.400q1.500-.8 2.500 0M12.800 8.400q1.200-.8 2.500 0M9.800 14.800q2.200 1.300 4.400 0"/>`,
  details: svg`<path d="M4 7h9M18 7h2M4 17h2M11 17h9"/><circle cx="15.500" cy="7" r="2.300"/><circle cx="8.500" cy="17" r="2.300"/>`,
  stop: svg`<rect x="6" y="6" width="12" height="12" rx="2.500"/>`,
  close: svg`<path d="m6.500 6.500 11 11m0-11-11 11"/>`,
  back: svg`<path d="M19 12H5.500m0 0 6-6m-6 6 6 6"/>`,
  camera: svg`<path d="M4 8.500A2.500 2.500 0 0 1 6.500 6h1.300l1.400-2h5.600l1.400 2h1.300A2.500 2.500 0 0 1 20 8.500v8a2.500 2.500 0 0 1-2.500 2.500h-11A2.500 2.500 0 0 1 4 16.500z"/><circle cx="12" cy="12.400" r="3.600"/>`,
  save: svg`<path d="M12 4.500v10m0 0 4-4m-4 4-4-4M5 18.500h14"/>`,
  install: svg`<rect x="6.5" y="3" width="11" height="18" rx="2.5"/><path d="M12 7v7m0 0 2.800-2.800M12 14l-2.800-2.800"/>`,
  flip: svg`<path d="M5 10a7.200 7.200 0 0 1 13-2.500M19 14a7.200 7.200 0 0 1-13 2.500"/><path d="M18.400 4v3.700h-3.700M5.600 20v-3.700h3.700"/>`,
  lock: svg`<rect x="5.500" y="10.500" width="13" height="9" rx="2.500"/><path d="M8.500 10.500V8a3.500 3.500 0 0 1 7 0v2.500"/>`,
} satisfies Record<string, SVGTemplateResult>;

export function icon(name: keyof typeof ICONS): TemplateResult {
  return html`<svg class="icon" viewBox="0 0 24 24" aria-hidden="true">${ICONS[name]}</svg>`;
}
