import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readAnnotations } from '../../../training/src/datasets/annotations.ts';
import { readXml, XmlError } from '../../../training/src/datasets/readers/xml.ts';
import { firstPoint, folderOf, somePoints } from './support.ts';

function box(count = 68, extra = ''): string {
  const parts = somePoints(count).map(
    ([x, y], i) => `<part name='${String(i).padStart(2, '0')}' x='${x}' y='${y}'/>`,
  );
  return `<box top='1' left='2' width='50' height='50'${extra}>\n${parts.join('\n')}\n</box>`;
}

function list(...images: string[]): string {
  return `<?xml version='1.0' encoding='ISO-8859-1'?>
<?xml-stylesheet type='text/xsl' href='image_metadata_stylesheet.xsl'?>
<!-- made by a test -->
<dataset>
<name>faces &amp; more</name>
<images>
${images.join('\n')}
</images>
</dataset>`;
}

const image = (file: string, content = box()) =>
  `<image file='${file}' width='80' height='60'>${content}</image>`;

test('a list of dlib is read; its first pixel is 0', async () => {
  const root = await folderOf({
    'helen/trainset/a.png': null,
    'labels_ibug_300W_train.xml': list(image('helen/trainset/a.png')),
  });
  const { samples, problems } = await readAnnotations(root);
  assert.deepEqual(problems, []);
  assert.deepEqual(firstPoint(samples[0].points), { x: 10.5, y: 8.5, count: 68 });
  assert.equal(samples[0].set, 'helen');
});

test('lists of training and test faces are read in place of the one of all', async () => {
  const root = await folderOf({
    'a.png': null,
    'b.png': null,
    'labels_ibug_300W.xml': list(image('a.png'), image('b.png')),
    'labels_ibug_300W_train.xml': list(image('a.png')),
    'labels_ibug_300W_test.xml': list(image('b.png')),
  });
  const { samples } = await readAnnotations(root);
  assert.deepEqual(
    samples.map(({ name, split }) => [name, split === 'test']),
    [
      ['b.png', true],
      ['a.png', false],
    ],
  );
});

test('a list is of test faces where its name says so in a word of its own', async () => {
  const root = await folderOf({ 'a.png': null, 'b.png': null, 'labels_latest.xml': list(image('a.png')) });
  assert.notEqual((await readAnnotations(root)).samples[0].split, 'test');
  const other = await folderOf({ 'a.png': null, 'labels_my-Testset2.xml': list(image('a.png')) });
  assert.equal((await readAnnotations(other)).samples[0].split, 'test');
});

test('broken boxes are listed; a broken file ends its own reading only', async () => {
  const root = await folderOf({
    'a.png': null,
    'b.png': null,
    'labels_one_train.xml': list(
      image('a.png'),
      image('ignored.png', box(68, " ignore='1'")),
      image('none.png', "<box top='1' left='2' width='3' height='4'/>"),
      image('word.png', box().replace("x='10'", "x='ten'")),
      image('name.png', box().replace("name='00'", "name='tip'")),
      image('absent.png'),
    ),
    'labels_two_train.xml': list(image('b.png'), "<image file='c.png'><box></image>"),
  });
  const { samples, problems } = await readAnnotations(root);
  assert.deepEqual(samples.map(({ name }) => name).sort(), ['a.png', 'b.png']);
  const text = problems.map(({ file, reason }) => `${file}: ${reason}`).join('\n');
  for (const expected of [
    /ignored\.png: .*to be ignored/,
    /none\.png: .*without parts/,
    /word\.png: part 0 has no place/,
    /name\.png: .*"tip"/,
    /absent\.png: /,
    /labels_two_train\.xml: line \d+: .*nothing after it/,
  ])
    assert.match(text, expected);
  assert.equal(problems.length, 6);
});

test('XML is read strictly, and no entity expands', () => {
  const events: string[] = [];
  readXml('<a x="1&lt;2" y=\'&#65;\'><!-- <b> --><c/></a>', {
    open: (name, attributes) => events.push(`${name} ${[...attributes].join(' ')}`),
    close: (name) => events.push(`/${name}`),
  });
  assert.deepEqual(events, ['a x,1<2 y,A', 'c ', '/c', '/a']);
  const ignore = { open: () => {}, close: () => {} };
  for (const text of [
    '',
    '<a>',
    '</a>',
    '<a></b>',
    '<a x=1/>',
    '<a x="1" x="2"/>',
    '<a/><b/>',
    '<a x="&bomb;"/>',
    '<!DOCTYPE a [<!ENTITY bomb "boom">]><a/>',
    '<a><!-- never closed </a>',
  ])
    assert.throws(() => readXml(text, ignore), XmlError, text);
});
