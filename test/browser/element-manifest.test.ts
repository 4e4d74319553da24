/** `custom-elements.json`, which the build makes for editors, must tell of the element as it is. */
import { FaceKeypointsElement, type FaceKeypointsEventDetails } from '../../sdk/src/define.ts';
import { styles } from '../../sdk/src/element/styles.ts';
import { fakeLandmarkModel } from '../sdk/fake-model.ts';
import { watchCamera } from './camera.ts';
import { assert, createElement, equal, next, until } from './support.ts';

interface Named {
  readonly name: string;
  readonly description?: string;
}
interface Declaration {
  readonly tagName: string;
  readonly attributes: readonly (Named & { readonly type: { readonly text: string } })[];
  readonly events: readonly Named[];
  readonly slots: readonly Named[];
  readonly cssParts: readonly Named[];
  readonly cssProperties: readonly Named[];
  readonly members: readonly (Named & { readonly kind: string })[];
}

const json = async (file: string): Promise<unknown> => {
  const response = await fetch(`/sdk/${file}`);
  assert(response.ok, `sdk/${file} is missing: run npm run build`);
  return response.json();
};
const declaration = async (): Promise<Declaration> => {
  const { modules } = (await json('custom-elements.json')) as { modules: { declarations: Declaration[] }[] };
  return modules[0]!.declarations[0]!;
};
const names = (list: readonly Named[]): string =>
  list
    .map(({ name }) => name)
    .sort()
    .join();
const sorted = (list: Iterable<string>): string => [...new Set(list)].sort().join();

describe('the manifest', () => {
  afterEach(() => document.body.replaceChildren());

  it('lists exactly the attributes, each with its values', async () => {
    const { attributes, tagName } = await declaration();
    equal(tagName, 'face-keypoints');
    equal(names(attributes), sorted(FaceKeypointsElement.observedAttributes));
    const overlay = attributes.find(({ name }) => name === 'overlay')!;
    assert(/'points' \| 'contours'/.test(overlay.type.text), overlay.type.text);
    // An address as well.
    const model = attributes.find(({ name }) => name === 'model')!;
    equal(model.type.text, "'auto' | 'resnet18' | 'lite' | string");
  });

  it('lists exactly the events', async () => {
    // The compiler sees to it that none is missing here.
    const events: Record<keyof FaceKeypointsEventDetails, true> = {
      ready: true,
      progress: true,
      keypoints: true,
      facefound: true,
      facelost: true,
      statechange: true,
      error: true,
    };
    equal(names((await declaration()).events), sorted(Object.keys(events)));
  });

  it('lists exactly the slots and parts that show in any state', async () => {
    const slots = new Set<string>();
    const parts = new Set<string>();
    const look = ({ shadowRoot }: FaceKeypointsElement): void => {
      for (const slot of shadowRoot!.querySelectorAll('slot')) slots.add(slot.name);
      for (const part of shadowRoot!.querySelectorAll('[part]'))
        for (const name of part.getAttribute('part')!.split(' ')) parts.add(name);
    };
    // A prompt that waits leaves time to see the models load.
    const camera = watchCamera();
    const answer = camera.hold();
    const element = createElement({ model: fakeLandmarkModel(), camera: true });
    const frame = next(element, 'keypoints');
    element.addEventListener('progress', () => void element.updateComplete.then(() => look(element)));
    element.addEventListener('ready', answer);
    document.body.append(element);
    await frame;
    camera.restore();
    await element.updateComplete;
    look(element);
    // As where no video plays before a person says so.
    const { prototype } = HTMLMediaElement;
    const { play } = prototype;
    prototype.play = () => Promise.reject(new DOMException('stand-in', 'NotAllowedError'));
    void element.start();
    await until(() => element.shadowRoot!.querySelector('[part=play]') !== null, 'a button to play');
    look(element);
    prototype.play = play;
    const failed = next(element, 'error');
    element.source = new Blob(['no picture'], { type: 'text/plain' });
    await failed;
    await element.updateComplete;
    look(element);
    const made = await declaration();
    equal(names(made.slots), sorted(slots));
    equal(names(made.cssParts), sorted(parts));
  });

  it('lists every custom property of the style sheet, and what is public of the class', async () => {
    const { cssProperties, members } = await declaration();
    const listed = names(cssProperties).split(',');
    for (const [name] of styles.cssText.matchAll(/--face-keypoints-[\w-]+/g))
      assert(listed.includes(name), `${name} is not listed`);
    for (const { name } of members) assert(name in FaceKeypointsElement.prototype, `${name} is no member`);
    for (const name of [
      'load',
      'start',
      'stop',
      'snapshot',
      'faces',
      'state',
      'stats',
      'error',
      'tracker',
      'source',
    ])
      assert(
        members.some((member) => member.name === name),
        `${name} is missing`,
      );
  });

  it('says something of each thing', async () => {
    const { attributes, events, slots, cssParts, cssProperties, members } = await declaration();
    for (const { name, description } of [
      ...attributes,
      ...events,
      ...slots,
      ...cssParts,
      ...cssProperties,
      ...members,
    ])
      assert(description, `${name} has no description`);
  });

  it('is the source of what editors read', async () => {
    const { attributes } = await declaration();
    const vsCode = (await json('html-custom-data.json')) as { tags: { name: string; attributes: Named[] }[] };
    equal(names(vsCode.tags[0]!.attributes), names(attributes));
    const jetBrains = (await json('web-types.json')) as {
      contributions: { html: { elements: { name: string; attributes: Named[] }[] } };
    };
    equal(names(jetBrains.contributions.html.elements[0]!.attributes), names(attributes));
  });
});
