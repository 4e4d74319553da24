import { html, nothing, type TemplateResult } from 'lit';
import type { State } from '../state.ts';
import { icon } from './icons.ts';

/** The first visit: what it does, and that nothing leaves the device. */
export function welcome({ online, kept }: State): TemplateResult {
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
          <span>
            Computed on this device. Nothing is
            uploaded${kept ? ', and it works offline.' : '. Once all of it is downloaded, it works offline too.'}
          </span>
        </p>
        <p class="more"><a href="docs/index.html">For developers: the documentation</a></p>
        ${online ? nothing : offline(kept)}
      </div>
    </div>
  `;
}

function offline(kept: boolean): TemplateResult {
  return html`
    <p class="promise" id="offline" role="status">
      You are offline.
      ${kept ? 'Everything works.' : 'Not everything is on this device yet: connect once more.'}
    </p>
  `;
}
