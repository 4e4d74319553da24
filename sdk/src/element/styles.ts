import { css } from 'lit';

/**
 * Colours are mixed from the page's own text colour, so that the element looks at home on light and dark pages whether
 * or not they declare a `color-scheme`. Nothing moves, so there is nothing to still for reduced motion.
 */
export const styles = css`
  :host {
    display: block;
    position: relative;
    overflow: hidden;
    contain: content;
    border-radius: var(--face-keypoints-radius, 0);
    background: var(--face-keypoints-background, color-mix(in srgb, currentcolor 6%, transparent));
    color: inherit;
    font-family: system-ui, sans-serif;
    line-height: 1.5;
  }
  :host([hidden]) {
    display: none;
  }
  /* Text and picture share one cell: a narrow element grows with its message instead of cutting it off. */
  .frame {
    display: grid;
    grid-template: minmax(0, 1fr) / minmax(0, 1fr);
    width: 100%;
    height: 100%;
  }
  .stage,
  .message {
    grid-area: 1 / 1;
    min-width: 0;
    min-height: 0;
  }
  .stage {
    position: relative;
    width: 100%;
    height: 100%;
    aspect-ratio: 4 / 3;
  }
  /* A transform makes it the box that the picture is placed in. */
  .mirrored {
    position: absolute;
    inset: 0;
    transform: scaleX(-1);
  }
  .media,
  .media > *,
  .overlay {
    position: absolute;
    inset: 0;
    width: 100%;
    height: 100%;
  }
  .media > * {
    object-fit: contain;
  }
  .overlay {
    pointer-events: none;
    /* Read by the drawing code, so that a custom property may be any CSS colour. */
    color: var(--face-keypoints-color, #2dd4bf);
  }
  .message {
    position: relative;
    display: grid;
    place-content: center;
    justify-items: center;
    gap: 1rem;
    padding: 1rem;
    text-align: center;
    text-wrap: balance;
  }
  .message p {
    margin: 0;
    max-width: 44ch;
    font-variant-numeric: tabular-nums;
  }
  /* Over a picture that is there already. */
  .message.over {
    place-self: end center;
    margin: 0.75rem;
    padding: 0.25rem 0.875rem;
    border-radius: 1rem;
    background: rgb(0 0 0 / 0.7);
    color: #fff;
    font-size: 0.875rem;
  }
  .message.play {
    place-self: center;
    padding: 0.25rem;
    border-radius: 1.625rem;
  }
  progress {
    display: block;
    appearance: none;
    width: min(14rem, 60cqw, 60vw);
    height: 0.25rem;
    border: 0;
    border-radius: 0.125rem;
    overflow: hidden;
    background: color-mix(in srgb, currentcolor 16%, transparent);
    color: inherit;
  }
  progress::-webkit-progress-bar {
    background: none;
  }
  progress::-webkit-progress-value {
    background: currentcolor;
  }
  progress::-moz-progress-bar {
    background: currentcolor;
  }
  button {
    min-height: 2.75rem;
    padding: 0.375rem 1.25rem;
    border: 1px solid color-mix(in srgb, currentcolor 45%, transparent);
    border-radius: 1.375rem;
    background: none;
    color: inherit;
    font: inherit;
    font-weight: 500;
    white-space: nowrap;
    cursor: pointer;
  }
  button:hover {
    background: color-mix(in srgb, currentcolor 9%, transparent);
  }
  button:active {
    background: color-mix(in srgb, currentcolor 16%, transparent);
  }
  button:focus-visible {
    outline: 2px solid currentcolor;
    outline-offset: 2px;
  }
  .controls {
    position: absolute;
    inset: auto 0 0;
    display: flex;
    flex-wrap: wrap;
    justify-content: center;
    gap: 0.5rem;
    padding: 0.75rem;
    /* Its empty parts let clicks through to the picture. */
    pointer-events: none;
  }
  .controls ::slotted(*) {
    pointer-events: auto;
  }
  .status {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
`;
