import { css } from 'lit';

export const styles = css`
  :host {
    display: block;
    position: relative;
    overflow: hidden;
    contain: content;
    color-scheme: light dark;
    font-family: system-ui, sans-serif;
  }
  :host([hidden]) {
    display: none;
  }
  .stage {
    position: relative;
    width: 100%;
    height: 100%;
    aspect-ratio: 4 / 3;
  }
  .stage.mirrored {
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
    position: absolute;
    inset: 0;
    display: grid;
    place-content: center;
    justify-items: center;
    gap: 0.75rem;
    padding: 1rem;
    text-align: center;
  }
  .message p {
    margin: 0;
    max-width: 40ch;
    font-variant-numeric: tabular-nums;
  }
  .message button {
    font: inherit;
    min-height: 2.75rem;
    padding-inline: 1.25rem;
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
