import { html, nothing, type TemplateResult } from 'lit';
import type { State } from '../state.ts';
import { icon } from './icons.ts';

/** The first visit: what it does, and that nothing leaves the device. */
export function welcome({ online }: State): TemplateResult {
  return html`
    <div class="welcome">
      <figure class="hero">
        <img src="example.jpg" width="960" height="960" alt="" />
        <img
          src="example-points.svg"
          width="960"
          height="960"
          alt="A drawn face with lines along brows, eyes, nose, mouth and jaw"
        />
      </figure>
      <div class="words">
        <h1>68 points on your face</h1>
        <p class="lead">
          They follow your eyes, brows, nose, mouth and jaw: live from the camera, or on any picture or video
          that you open, drop or paste.
        </p>
        <p class="promise">
          ${icon('lock')}
          <span
            >Computed on this device. Nothing is uploaded, and after the first visit it works offline.</span
          >
        </p>
        <p class="more"><a href="docs/index.html">For developers: the documentation</a></p>
        ${online ? nothing : html`<p class="promise" id="offline" role="status">You are offline. Everything works.</p>`}
      </div>
    </div>
  `;
}
