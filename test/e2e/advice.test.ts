/** The page's words, and the names of the files that it gives. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { adviceFor, browserName } from '../../app/src/advice.ts';
import { fileName } from '../../app/src/save.ts';
import { BACKEND_WORDS } from '../../app/src/views/figures.ts';

describe('advice', () => {
  it('names each browser’s own way to allow the camera', () => {
    const problem = { code: 'camera-denied', message: '' };
    const texts = (['ios', 'safari', 'firefox', 'android', 'chromium'] as const).map(
      (browser) => adviceFor(problem, true, browser).text,
    );
    assert.equal(new Set(texts).size, 5);
  });

  it('points at no address bar in an installed page, unless it says to open the browser', () => {
    const problem = { code: 'camera-denied', message: '' };
    const texts = (['ios', 'safari', 'android', 'chromium'] as const).map(
      (browser) => adviceFor(problem, true, browser, true).text,
    );
    assert.equal(new Set(texts).size, 4);
    for (const text of texts) assert.doesNotMatch(text, /address/);
    assert.match(adviceFor(problem, true, 'firefox', true).text, /in Firefox itself/);
  });

  it('tells browsers apart', () => {
    const agents = {
      'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0) Version/18.0 Mobile Safari/604.1': 'ios',
      'Mozilla/5.0 (Macintosh) Version/18.0 Safari/605.1.15': 'safari',
      'Mozilla/5.0 (X11; Linux) Gecko/20100101 Firefox/140.0': 'firefox',
      'Mozilla/5.0 (Linux; Android 15) Chrome/140.0 Mobile Safari/537.36': 'android',
      'Mozilla/5.0 (X11; Linux) Chrome/140.0 Safari/537.36': 'chromium',
    };
    for (const [agent, name] of Object.entries(agents)) assert.equal(browserName(agent), name);
  });

  it('tells a missing model from a missing network', () => {
    const problem = { code: 'model-missing', message: '' };
    assert.match(adviceFor(problem, true, 'chromium').text, /Check the connection/);
    assert.match(adviceFor(problem, false, 'chromium').text, /Connect once/);
  });

  it('names the file that does not open, where there is one', () => {
    const problem = { code: 'input-invalid', message: '' };
    assert.match(adviceFor(problem, true, 'chromium').text, /^This is not a picture/);
    assert.match(adviceFor({ ...problem, file: '$&.txt' }, true, 'chromium').text, /^“\$&\.txt” is not/);
  });

  it('passes on what an unknown failure says of itself', () => {
    assert.match(
      adviceFor({ code: 'unexpected', message: 'out of cheese' }, true, 'chromium').text,
      /out of cheese/,
    );
  });
});

describe('file names', () => {
  it('sort by time', () => {
    assert.equal(fileName('png', new Date(2026, 0, 31, 4, 5, 9)), 'face-2026-01-31-04-05-09.png');
  });
});

describe('the words on what computes', () => {
  it('say nothing of what browser or device offer: a person may have chosen, or a software GPU was skipped', () => {
    for (const words of Object.values(BACKEND_WORDS)) assert.doesNotMatch(words, /browser|device|offers/);
  });
});
