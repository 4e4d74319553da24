import { html, nothing, type TemplateResult } from 'lit';
import { chosenFace } from '../chosen-face.ts';
import type { State } from '../state.ts';

/**
 * A number at each of several faces while their measures are read or they are saved. They lie where `object-fit: contain`
 * puts the picture (`face-numbers.css` computes it from the variables), and are told to screen readers by the choice.
 */
export function faceNumbers(state: State): TemplateResult | typeof nothing {
  const { faces, width, height } = state.live;
  if (faces.length < 2 || (state.tab !== 'measures' && state.tab !== 'save')) return nothing;
  const chosen = chosenFace(state)?.number;
  return html`${faces.map(({ box }, i) => {
    const x = box.x + box.width / 2;
    const place = { x: state.mirror ? width - x : x, y: Math.max(0, box.y), w: width, h: height };
    const style = Object.entries(place)
      .map(([name, value]) => `--${name}: ${value.toFixed(1)};`)
      .join('');
    // The property, as the policy forbids the attribute.
    return html`<span class=${i + 1 === chosen ? 'chosen' : ''} .style=${style}>${i + 1}</span>`;
  })}`;
}
